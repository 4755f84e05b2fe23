begin;
alter table public.plants alter column name set not null;
commit;
