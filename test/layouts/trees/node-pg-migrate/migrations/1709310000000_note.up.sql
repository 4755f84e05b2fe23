alter table breads add column note text;
