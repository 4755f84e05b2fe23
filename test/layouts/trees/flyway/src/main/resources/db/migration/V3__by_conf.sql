CREATE INDEX CONCURRENTLY bookings_nights_idx ON ${app_schema}.bookings (nights);
ANALYZE ${app_schema}.bookings;
