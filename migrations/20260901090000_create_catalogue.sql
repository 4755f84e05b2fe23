-- The shop's catalogue: who wrote what, and what it costs.

-- migrate:up
create table authors (
  id bigint generated always as identity primary key,
  name text not null
);

create table books (
  id bigint generated always as identity primary key,
  author_id bigint not null references authors (id),
  isbn text not null unique,
  title text not null,
  price_cents integer not null check (price_cents >= 0),
  published_on date
);

create index books_author_id_idx on books (author_id);

-- migrate:down
drop table books;
drop table authors;
