CREATE INDEX CONCURRENTLY bookings_guest_idx ON ${app_schema}.bookings (guest);
