-- Asked for by the search of rooms.
-- migrate:change shelf-search
-- migrate:phase expand

-- migrate:up transaction:false
create index concurrently shelves_room_idx on shelves (room);

-- migrate:down transaction:false
drop index concurrently shelves_room_idx;
