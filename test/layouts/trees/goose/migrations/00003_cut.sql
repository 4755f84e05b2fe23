-- +goose Up
CREATE FUNCTION parcel_weight() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT sum(weight) FROM parcels);
END;
$$;
CREATE INDEX parcels_id_idx ON parcels (id); -- behind the cut
-- +goose ENVSUB ON
ALTER TABLE ${SHOP_SCHEMA}.parcels DROP COLUMN weight;
GRANT SELECT ON parcels TO $READER;
-- +goose ENVSUB OFF
SELECT 'it costs $5'
-- +goose Down
