-- A constant default costs nothing: existing rows are not touched.

-- migrate:up
alter table customers add column wants_newsletter boolean not null default false;

-- migrate:down
-- migrate:down-loses customers.wants_newsletter
alter table customers drop column wants_newsletter;
