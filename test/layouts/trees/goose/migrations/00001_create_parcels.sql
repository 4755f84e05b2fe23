-- +goose Up
CREATE TABLE parcels (
  id bigint PRIMARY KEY,
  weight int
);

-- +goose StatementBegin
CREATE FUNCTION parcel_count() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT count(*) FROM parcels);
END;
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION parcel_count();
DROP TABLE parcels;
