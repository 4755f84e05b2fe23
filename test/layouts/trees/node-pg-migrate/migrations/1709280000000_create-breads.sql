-- Up Migration
create table breads (id bigint primary key, grams int);

-- Down Migration
drop table breads;
