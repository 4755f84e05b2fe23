-- Up Migration
alter table cups drop column glaze;

-- Down Migration
alter table cups add column glaze text;
