BEGIN;
ALTER TABLE loans ALTER COLUMN returned SET NOT NULL;
COMMIT;
CREATE INDEX loans_returned_idx ON loans (returned);
