-- migrate:up transaction:false
create index concurrently rooms_floor_idx on rooms (floor);

-- migrate:down transaction:false
drop index concurrently rooms_floor_idx;
