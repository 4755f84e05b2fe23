import type { Connection } from '../model/database.ts'
import { usersSchema } from './catalogue/query.ts'

/** What a schema leaves behind and no downgrade takes back. It is reported, and never a difference. */
export interface Residue {
  /** Where sequences stand, by name; those that were never used, or may not be read, are left out. */
  readonly sequences: Readonly<Record<string, string>>
  /** How many dropped columns still take a place in their table; 1600 is the most that a table can have in all. */
  readonly droppedColumns: Readonly<Record<string, number>>
}

/** Reads only, and leaves out the journal. */
export async function readResidue(connection: Connection, journalSchema = 'migrate'): Promise<Residue> {
  const sequences = await connection.query<{ name: string; value: string }>(sequencesQuery, [journalSchema])
  const columns = await connection.query<{ name: string; count: number }>(columnsQuery, [journalSchema])
  return {
    sequences: Object.fromEntries(sequences.rows.map(({ name, value }) => [name, value])),
    droppedColumns: Object.fromEntries(columns.rows.map(({ name, count }) => [name, count])),
  }
}

/** The view answers null where the role may not read the sequence. */
const sequencesQuery = `
  select quote_ident(n.schemaname) || '.' || quote_ident(n.sequencename) as name, n.last_value::text as value
    from pg_catalog.pg_sequences n
   where n.last_value is not null and n.schemaname !~ '^pg_' and n.schemaname not in ('information_schema', $1)
   order by n.schemaname collate "C", n.sequencename collate "C"`

const columnsQuery = `
  select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name, count(*)::int as count
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where a.attisdropped and a.attnum > 0 and c.relkind in ('r', 'p') and ${usersSchema('n')}
   group by n.nspname, c.relname
   order by n.nspname collate "C", c.relname collate "C"`
