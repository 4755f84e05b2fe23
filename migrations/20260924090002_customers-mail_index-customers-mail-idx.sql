-- Build the counterpart of index customers_mail_idx.
-- Built after the backfill, once, in sorted order; earlier, every row that the backfill writes would
-- have to go into it. CONCURRENTLY lets writes go on.
-- migrate:change customers-mail
-- migrate:phase expand
-- migrate:gate backfill-complete

-- migrate:up transaction:false
create index concurrently customers_mail_idx_new on customers using btree (email);

-- migrate:down transaction:false
drop index concurrently customers_mail_idx_new;
