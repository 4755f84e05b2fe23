CREATE TABLE lamps (id bigint PRIMARY KEY, watt int);
