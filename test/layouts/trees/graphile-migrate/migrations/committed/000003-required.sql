--! Previous: sha1:1123456789abcdef0123456789abcdef01234567
--! Hash: sha1:2123456789abcdef0123456789abcdef01234567

alter table singers alter column voice set not null;
create index concurrently singers_both_idx on singers (id, voice);
