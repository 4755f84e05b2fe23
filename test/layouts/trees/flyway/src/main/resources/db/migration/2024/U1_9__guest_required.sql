ALTER TABLE ${app_schema}.bookings ALTER COLUMN guest DROP NOT NULL;
