-- Who buys, and what.

-- migrate:up
create table customers (
  id bigint generated always as identity primary key,
  mail text not null,
  name text not null,
  joined_at timestamp with time zone not null default now()
);

create type order_status as enum ('placed', 'paid', 'shipped', 'returned');

create table orders (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers (id),
  status order_status not null default 'placed',
  placed_at timestamp with time zone not null default now()
);

create table order_lines (
  order_id bigint not null references orders (id),
  book_id bigint not null references books (id),
  quantity integer not null check (quantity > 0),
  primary key (order_id, book_id)
);

create index orders_customer_id_idx on orders (customer_id);

-- migrate:down
drop table order_lines;
drop table orders;
drop type order_status;
drop table customers;
