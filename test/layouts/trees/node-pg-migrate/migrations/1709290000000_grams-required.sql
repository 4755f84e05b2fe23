-- Up Migration
alter table breads alter column grams set not null;

-- Down Migration
