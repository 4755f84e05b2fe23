import { quoteName } from '../model/name.ts'
import type { DatabaseError } from './database-error.ts'

/**
 * The statement that gives a role what the server says it lacks; undefined where its words do not tell, as those in
 * another language than English do not. The words are those of `aclcheck_error` in the server's sources.
 */
export function missingGrant({ message, sqlState, deniedTo }: DatabaseError): string | undefined {
  if (sqlState !== '42501' || deniedTo === undefined) return undefined
  const role = quoteName(deniedTo)
  const [, kind, object] = /^permission denied for ([a-z -]+?) "?([^"]+)"?$/.exec(message) ?? []
  const privileges = kind === undefined ? undefined : lacking[kind]
  if (privileges !== undefined && object !== undefined) return `GRANT ${privileges} ${quoteName(object)} TO ${role}`
  const [, owned, name] = /^must be owner of ([a-z ]+?) "?([^"]+)"?$/.exec(message) ?? []
  const type = owned === undefined ? undefined : alterable[owned]
  if (type !== undefined && name !== undefined) return `ALTER ${type} ${quoteName(name)} OWNER TO ${role}`
  const [, other] = /^must (?:be member of role|be able to SET ROLE) "([^"]+)"$/.exec(message) ?? []
  return other === undefined ? undefined : `GRANT ${quoteName(other)} TO ${role}`
}

/** What migrations do with each kind of object, by the name that the server gives the kind. */
const lacking: Readonly<Record<string, string>> = {
  database: 'CREATE ON DATABASE',
  schema: 'USAGE, CREATE ON SCHEMA',
  table: 'SELECT, INSERT, UPDATE, DELETE, REFERENCES ON',
  view: 'SELECT ON',
  'materialized view': 'SELECT ON',
  sequence: 'USAGE, SELECT, UPDATE ON SEQUENCE',
  function: 'EXECUTE ON FUNCTION',
  procedure: 'EXECUTE ON PROCEDURE',
  type: 'USAGE ON TYPE',
  language: 'USAGE ON LANGUAGE',
  tablespace: 'CREATE ON TABLESPACE',
  'foreign server': 'USAGE ON FOREIGN SERVER',
  'foreign-data wrapper': 'USAGE ON FOREIGN DATA WRAPPER',
}

/** Kinds whose owner is changed by their name alone. */
const alterable: Readonly<Record<string, string>> = {
  table: 'TABLE',
  view: 'VIEW',
  'materialized view': 'MATERIALIZED VIEW',
  index: 'INDEX',
  sequence: 'SEQUENCE',
  function: 'FUNCTION',
  procedure: 'PROCEDURE',
  type: 'TYPE',
  schema: 'SCHEMA',
  database: 'DATABASE',
}
