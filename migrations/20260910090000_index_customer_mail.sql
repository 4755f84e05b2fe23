-- Customers sign in by mail address. Built without blocking writes, so outside a transaction.

-- migrate:up transaction:false
create index concurrently customers_mail_idx on customers (mail);

-- migrate:down transaction:false
drop index concurrently customers_mail_idx;
