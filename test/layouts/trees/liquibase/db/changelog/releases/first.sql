--liquibase formatted sql
-- migrate:allow-file drop-table because the table is a copy

--changeset anna:tickets-note
ALTER TABLE tickets ADD COLUMN note text;
--rollback ALTER TABLE tickets DROP COLUMN note;

--changeset anna:tickets-old dbms:mysql
ALTER TABLE tickets ENGINE=InnoDB;

--changeset ben:index runInTransaction:false
--comment CREATE INDEX needs no transaction
CREATE INDEX CONCURRENTLY tickets_note_idx ON tickets (note);
--rollback DROP INDEX CONCURRENTLY tickets_note_idx;

--changeset ben:copy
DROP TABLE ticket_copies;
--rollback empty
