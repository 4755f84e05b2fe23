-- Set email NOT NULL.
-- BEFORE THIS: Release the version that reads and writes email only. The version before it goes on
-- with mail meanwhile. Before the contract phase, nothing may name mail any more.
-- Only the catalogue changes: the validated check proves that there is no NULL, and the unique index
-- is built already.
-- migrate:change customers-mail
-- migrate:phase contract
-- migrate:gate backfill-complete

-- migrate:up
alter table customers alter column email set not null;
alter table customers drop constraint customers_mail_not_null_check;

-- migrate:down transaction:false
alter table customers add constraint customers_mail_not_null_check check (email is not null) not valid;
alter table customers validate constraint customers_mail_not_null_check;
alter table customers alter column email drop not null;
