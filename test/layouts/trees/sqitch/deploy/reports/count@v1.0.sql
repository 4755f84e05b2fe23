BEGIN;
\ir ../../functions/count.sql
COMMIT;
