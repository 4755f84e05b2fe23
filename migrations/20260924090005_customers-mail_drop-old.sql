-- Stop keeping mail in step, and drop it.
-- Triggers and column go in one transaction: with one of them gone and the other still there, every
-- write would fail. The downgrade adds the column again, lets it follow every write, fills it and
-- builds beside the traffic what was on it; its UPDATE locks the rows until all are filled.
-- migrate:change customers-mail
-- migrate:phase contract
-- migrate:gate backfill-complete
-- migrate:gate approval

-- migrate:up
drop trigger zzz_customers_mail_insert on customers;
drop trigger zzz_customers_mail_update on customers;
drop function zzz_customers_mail_insert();
drop function zzz_customers_mail_update();
alter table customers drop constraint customers_mail_agrees_check;
alter table customers drop column mail;
alter index customers_mail_idx_new rename to customers_mail_idx;

-- migrate:down transaction:false
alter index customers_mail_idx rename to customers_mail_idx_new;
alter table customers add column mail text;
create function zzz_customers_mail_return() returns trigger language plpgsql as $$
begin
  new.mail := new.email;
  return new;
end
$$;
create trigger zzz_customers_mail_return before insert or update on customers
  for each row when (new.mail is distinct from new.email)
  execute function zzz_customers_mail_return();
update customers set mail = email where mail is distinct from email;
alter table customers add constraint customers_mail_not_null_check check (mail is not null) not valid;
alter table customers validate constraint customers_mail_not_null_check;
alter table customers alter column mail set not null;
alter table customers drop constraint customers_mail_not_null_check;
create index concurrently customers_mail_idx on customers using btree (mail);
create function zzz_customers_mail_insert() returns trigger language plpgsql as $$
begin
  if new.email is not null then
    new.mail := new.email;
  else
    new.email := new.mail;
  end if;
  return new;
end
$$;
create function zzz_customers_mail_update() returns trigger language plpgsql as $$
begin
  if new.email is distinct from old.email then
    new.mail := new.email;
  else
    new.email := new.mail;
  end if;
  return new;
end
$$;
create trigger zzz_customers_mail_insert before insert on customers
  for each row when (new.mail is distinct from new.email)
  execute function zzz_customers_mail_insert();
create trigger zzz_customers_mail_update before update on customers
  for each row when (new.mail is distinct from new.email)
  execute function zzz_customers_mail_update();
drop trigger zzz_customers_mail_return on customers;
drop function zzz_customers_mail_return();
alter table customers add constraint customers_mail_agrees_check check (email is not distinct from mail) not valid;
alter table customers validate constraint customers_mail_agrees_check;
