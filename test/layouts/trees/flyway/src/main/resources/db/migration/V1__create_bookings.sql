CREATE TABLE ${app_schema}.bookings (
    id bigint PRIMARY KEY,
    guest text,
    nights int
);
COPY ${app_schema}.bookings (id, guest, nights) FROM STDIN;
1	O'Hara; and others	2
2	Smith	1
\.
