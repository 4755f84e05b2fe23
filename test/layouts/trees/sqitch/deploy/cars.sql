-- Deploy garage:cars to pg
\set owner `whoami`
BEGIN;

CREATE TABLE cars (id bigint PRIMARY KEY, plate text, owner text DEFAULT :'owner');
ALTER TABLE cars OWNER TO :"owner";
\copy cars (id, plate) FROM 'cars.csv' WITH (FORMAT csv)

COMMIT;
