-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY parcels_weight_idx ON parcels (weight);

-- +goose Down
DROP INDEX CONCURRENTLY parcels_weight_idx;
