-- Without a transaction
CREATE INDEX CONCURRENTLY cars_plate_idx ON cars (plate);
SELECT format('ALTER TABLE %I ADD COLUMN seen date', relname) FROM pg_class WHERE relname = 'cars' \gexec
