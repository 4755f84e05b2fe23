-- Prove that email is right in every row.
-- The server reads every row and refuses if one does not agree with mail or breaks a constraint:
-- nothing is taken on trust from the backfill. Reads and writes go on meanwhile. ANALYZE tells the
-- query planner about the column before queries use it.
-- migrate:change customers-mail
-- migrate:phase expand
-- migrate:gate backfill-complete

-- migrate:up
alter table customers validate constraint customers_mail_agrees_check;
alter table customers validate constraint customers_mail_not_null_check;
analyze customers (email);

-- migrate:down
alter table customers drop constraint customers_mail_agrees_check;
alter table customers add constraint customers_mail_agrees_check check (email is not distinct from mail) not valid;
alter table customers drop constraint customers_mail_not_null_check;
alter table customers add constraint customers_mail_not_null_check check (email is not null) not valid;
