-- migrate:up
-- migrate:allow drop-column because the search reads rooms elsewhere since release 7
alter table shelves drop column room;
create index concurrently shelves_length_idx on shelves (length_cm);

-- migrate:down
-- migrate:down-loses shelves.room
drop index shelves_length_idx;
alter table shelves add column room text;
create index shelves_room_idx on shelves (room);
