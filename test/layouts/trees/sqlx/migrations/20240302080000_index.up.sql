-- no-transaction
CREATE INDEX CONCURRENTLY stations_city_idx ON stations (city);
