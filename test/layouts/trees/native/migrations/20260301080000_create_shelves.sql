-- migrate:up
create table shelves (
  id bigint generated always as identity primary key,
  room text not null,
  length_cm int
);

-- migrate:down
drop table shelves;
