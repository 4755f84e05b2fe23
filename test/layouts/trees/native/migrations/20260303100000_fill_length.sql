-- migrate:change shelf-length
-- migrate:phase backfill
-- migrate:backfill table:shelves key:id batch:500

-- migrate:up
update shelves set length_cm = 80 where length_cm is null;

-- migrate:down none because the old value was no value
