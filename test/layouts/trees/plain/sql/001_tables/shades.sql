CREATE TABLE shades (id bigint PRIMARY KEY);
