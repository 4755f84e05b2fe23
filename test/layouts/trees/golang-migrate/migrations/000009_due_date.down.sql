ALTER TABLE loans DROP COLUMN due;
-- migrate:allow create-index-without-concurrently because the table is small
CREATE INDEX loans_again_idx ON loans (returned);
CREATE INDEX loans_third_idx ON loans (book);
