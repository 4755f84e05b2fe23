-- Fill email in the rows that were there before.
-- The triggers fill email in every row that is written from now on; this fills the others, in batches
-- that each commit on their own. It writes only rows that need it, so it can be stopped, resumed and
-- repeated.
-- migrate:change customers-mail
-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:customers key:id
update customers set email = mail where email is distinct from mail;

-- migrate:down
-- Nothing to take back: email stays in step with mail for as long as it is there.
select 1;
