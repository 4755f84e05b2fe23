BEGIN;
-- XXX Add DDLs here.
COMMIT;
