-- Stop keeping mail in step, and drop it.
-- Triggers and column go in one transaction: with one of them gone and the other still there, every
-- write would fail. The downgrade adds the column again and fills it in one go, which blocks the table
-- for as long as that takes.
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

-- migrate:down
alter index customers_mail_idx rename to customers_mail_idx_new;
alter table customers add column mail text;
update customers set mail = email;
alter table customers alter column mail set not null;
create index customers_mail_idx on customers using btree (mail);
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
alter table customers add constraint customers_mail_agrees_check check (email is not distinct from mail);
