\set ON_ERROR_STOP on
\i other.sql
BEGIN;
DROP TABLE :"schema".shades;
COMMIT;
