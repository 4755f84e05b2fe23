-- migrate:up transaction:false
create index concurrently rooms_name_idx on rooms (name);
create index concurrently rooms_both_idx on rooms (floor, name);

-- migrate:down
-- migrate:allow create-index-without-concurrently because the table is small
create index rooms_again_idx on rooms (name);
create index rooms_third_idx on rooms (floor);
