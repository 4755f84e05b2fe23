ALTER TABLE loans ADD COLUMN due date;
CREATE INDEX CONCURRENTLY loans_due_idx ON loans (due);
