CREATE TABLE ${app_schema}.bookings (id bigint PRIMARY KEY, guest text);
