--! Previous: -
--! Hash: sha1:0123456789abcdef0123456789abcdef01234567
--! Message: Singers

create table singers (id bigint primary key, voice text);
grant select on singers to :DATABASE_VISITOR;
