BEGIN;
CREATE INDEX CONCURRENTLY cars_owner_idx ON cars (owner);
COMMIT;
