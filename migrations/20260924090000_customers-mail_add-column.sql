-- Add email, kept the same as mail.
--
-- Asked for: alter table customers rename column mail to email
-- The column ends as the last one of the table: an INSERT without a list of columns puts its values
-- elsewhere from the first step of the contract phase on.
-- Comments, grants on the column, statistics targets and publications with a column list are not
-- carried over.
--
-- Column, triggers and checks come in one transaction, so there is no write that the triggers miss.
-- The check customers_mail_agrees_check makes sure that the columns can never come apart unnoticed.
-- migrate:change customers-mail
-- migrate:phase expand

-- migrate:up
alter table customers add column email text;
alter table customers add constraint customers_mail_agrees_check check (email is not distinct from mail) not valid;
alter table customers add constraint customers_mail_not_null_check check (email is not null) not valid;
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

-- migrate:down
drop trigger zzz_customers_mail_insert on customers;
drop trigger zzz_customers_mail_update on customers;
drop function zzz_customers_mail_insert();
drop function zzz_customers_mail_update();
alter table customers drop column email;
