ALTER TABLE ${app_schema}.bookings ALTER COLUMN guest SET NOT NULL;
