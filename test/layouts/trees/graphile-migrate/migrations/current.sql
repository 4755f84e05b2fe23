-- what is being written
--!include functions/voices.sql
alter table singers drop column if exists voice;
