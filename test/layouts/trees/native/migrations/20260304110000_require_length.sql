-- migrate:change shelf-length
-- migrate:phase contract
-- migrate:gate approval by:dba
-- migrate:requires 20260303100000

-- migrate:up
alter table shelves alter column length_cm set not null;

-- migrate:down
alter table shelves alter column length_cm drop not null;
