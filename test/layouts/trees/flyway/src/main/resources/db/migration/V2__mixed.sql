ALTER TABLE ${app_schema}.bookings ADD COLUMN paid boolean;
CREATE INDEX CONCURRENTLY bookings_paid_idx ON ${app_schema}.bookings (paid);
