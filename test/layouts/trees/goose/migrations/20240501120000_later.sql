-- +goose up
BEGIN;
ALTER TABLE parcels ADD COLUMN note text;
COMMIT;
