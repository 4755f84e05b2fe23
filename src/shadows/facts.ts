import type { Connection } from '../model/database.ts'
import { type Collation, type ServerFacts, comparedSettings } from '../model/server-facts.ts'

interface Row {
  readonly encoding: string
  readonly provider: string
  readonly locale: string | null
  readonly superuser: boolean
  readonly extensions: Readonly<Record<string, string>> | null
  readonly settings: Readonly<Record<string, string>> | null
}

/**
 * Reads them; nothing is changed. Of a scratch server those of `template0`, which every scratch database is a copy of,
 * and all extensions that could be created; of a target those of its database, and the extensions it has.
 */
export async function readServerFacts(connection: Connection, of: 'scratch' | 'target'): Promise<ServerFacts> {
  const { rows } = await connection.query<Row>(of === 'scratch' ? scratchQuery : targetQuery, [comparedSettings])
  const [row] = rows
  return {
    versionNumber: connection.versionNumber,
    encoding: row?.encoding ?? '',
    collation: { provider: providerOf(row?.provider), locale: row?.locale ?? '' },
    superuser: row?.superuser ?? false,
    extensions: row?.extensions ?? {},
    settings: row?.settings ?? {},
  }
}

function providerOf(letter: string | undefined): Collation['provider'] {
  if (letter === 'i') return 'icu'
  return letter === 'b' ? 'builtin' : 'libc'
}

/** As JSON, because the columns of the locale are called differently in 14, in 15 and 16, and from 17 on. */
const scratchQuery = query(
  `'template0'`,
  `select json_object_agg(name, default_version) from pg_available_extensions where default_version is not null`,
)
const targetQuery = query('current_database()', 'select json_object_agg(extname, extversion) from pg_extension')

function query(database: string, extensions: string): string {
  return `
    select pg_encoding_to_char((d ->> 'encoding')::int)::text as encoding,
           coalesce(d ->> 'datlocprovider', 'c') as provider,
           coalesce(d ->> 'datlocale', d ->> 'daticulocale', d ->> 'datcollate') as locale,
           (select rolsuper from pg_roles where rolname = current_user) as superuser,
           (${extensions}) as extensions,
           (select json_object_agg(name, current_setting(name)) from pg_settings where name = any ($1)) as settings
      from (select to_jsonb(pg_database) from pg_database where datname = ${database}) as one (d)`
}
