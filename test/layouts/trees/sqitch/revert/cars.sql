-- Revert garage:cars from pg

BEGIN;

DROP TABLE cars;

COMMIT;
