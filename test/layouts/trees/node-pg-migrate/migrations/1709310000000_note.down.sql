alter table breads drop column note;
