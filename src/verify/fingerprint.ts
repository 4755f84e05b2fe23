import { createHash } from 'node:crypto'
import type { Connection } from '../model/database.ts'
import { objectQueries } from './catalogue/objects.ts'
import { otherQueries } from './catalogue/others.ts'
import { columnOrderQuery, tableQueries } from './catalogue/tables.ts'

/** Aspects of one part of an object, in words: `nullability` is `not null`. */
export type Aspects = Readonly<Record<string, string>>
/** Parts of one object: '' is the object itself, `column title` a part. */
export type Parts = Readonly<Record<string, Aspects>>

/** A schema as the catalogue tells it, without OIDs: equal schemas give equal fingerprints on one server version. */
export interface Fingerprint {
  readonly version: 1
  /** SHA-256 of the canonical JSON of `objects`, in hexadecimal. */
  readonly hash: string
  /** By kind and name: `table public.books`. Keys are sorted at every level. */
  readonly objects: Readonly<Record<string, Parts>>
  /** Columns of each table in their order. Not a part of the hash: a column that comes back comes last. */
  readonly columnOrder: Readonly<Record<string, readonly string[]>>
}

export interface FingerprintOptions {
  /** The schema that holds the tool's journal and is left out; `migrate` when absent. */
  readonly journalSchema?: string
  /** False leaves owners and privileges out, for databases whose roles differ. Default true. */
  readonly owners?: boolean
}

/** Names are always qualified and never depend on the session's own search path. */
const settings = `
  select set_config('search_path', 'pg_catalog', false), set_config('quote_all_identifiers', 'off', false)`

/**
 * Reads the whole catalogue: schemas, tables with columns, constraints, triggers, policies and rules, indexes,
 * sequences, views, functions, types, domains, extensions, comments, statistics, publications and rarer kinds.
 * The system's schemas and the journal's are left out; objects of extensions are told by the extension's version.
 */
export async function fingerprint(connection: Connection, options: FingerprintOptions = {}): Promise<Fingerprint> {
  const before = await connection.query<{ path: string; quote: string }>(
    `select current_setting('search_path') as path, current_setting('quote_all_identifiers') as quote`,
  )
  await connection.query(settings)
  try {
    return await read(connection, options)
  } finally {
    const { path = '', quote = 'off' } = before.rows[0] ?? {}
    const restore = `select set_config('search_path', $1, false), set_config('quote_all_identifiers', $2, false)`
    // In a transaction that failed nothing can be set; its end sets it back.
    await connection.query(restore, [path, quote]).catch(() => undefined)
  }
}

async function read(connection: Connection, options: FingerprintOptions): Promise<Fingerprint> {
  const journal = options.journalSchema ?? 'migrate'
  const objects = new Map<string, Map<string, Aspects>>()
  for (const { sql } of [...tableQueries, ...objectQueries, ...otherQueries]) {
    // Not every query leaves the journal out, but every parameter must have a type.
    const { rows } = await connection.query<Found>(`with journal as (select $1::name) ${sql}`, [journal])
    for (const { object, part, aspects } of rows) {
      const parts = objects.get(object) ?? new Map<string, Aspects>()
      objects.set(object, parts.set(part, kept(aspects, options.owners ?? true)))
    }
  }
  const order = await connection.query<{ table: string; columns: readonly string[] }>(columnOrderQuery, [journal])
  const sortedObjects = sorted(new Map([...objects].map(([name, parts]) => [name, sorted(parts)])))
  return {
    version: 1,
    hash: createHash('sha256').update(JSON.stringify(sortedObjects)).digest('hex'),
    objects: sortedObjects,
    columnOrder: sorted(new Map(order.rows.map(({ table, columns }) => [table, columns]))),
  }
}

interface Found {
  readonly object: string
  readonly part: string
  readonly aspects: Aspects
}

function kept(aspects: Aspects, owners: boolean): Aspects {
  const entries = Object.entries(aspects).filter(([name]) => owners || (name !== 'owner' && name !== 'privileges'))
  return sorted(new Map(entries))
}

function sorted<T>(map: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  return Object.fromEntries([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
