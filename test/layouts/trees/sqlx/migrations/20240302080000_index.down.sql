-- no-transaction
DROP INDEX CONCURRENTLY stations_city_idx;
ALTER TABLE stations DROP COLUMN city;
