-- Add up migration script here
CREATE TABLE stations (id BIGINT PRIMARY KEY, city TEXT);
