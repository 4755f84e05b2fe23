--liquibase formatted sql

--changeset anna:1 context:prod
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT count(*) FROM pg_tables WHERE tablename = 'tickets'
CREATE TABLE tickets (id bigint PRIMARY KEY, state text);
CREATE TABLE ticket_copies (id bigint PRIMARY KEY);
--rollback DROP TABLE ticket_copies;
--rollback DROP TABLE tickets;

--changeset "anna b":2 endDelimiter:/ splitStatements:true
CREATE FUNCTION ${schema.name}.open_tickets() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM tickets WHERE 4 / 2 = 2'
/
CREATE INDEX tickets_state_idx ON tickets (state)
/
--ignoreLines:start
this line is for people
--ignoreLines:end
/* liquibase rollback
DROP INDEX tickets_state_idx;
*/
