-- migrate:up
create table rooms (
  id bigint primary key,
  floor int,
  name text not null
);

-- migrate:down
drop table rooms;
