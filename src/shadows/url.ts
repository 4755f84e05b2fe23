import { randomBytes } from 'node:crypto'
import { ToolkitError, messageOf } from '../core/errors.ts'
import { connect } from '../db/connect.ts'
import { redactUrl } from '../db/redact.ts'
import type { Shadow, ShadowDatabase, ShadowOptions, ShadowServer } from './shadow.ts'

/** A server that the user names. Only databases that are created here are ever written to, and they are dropped again. */
export const url: Shadow = {
  id: 'url',
  summary: 'The server named with --shadow-url: databases are created there and dropped again.',
  rank: 10,
  async available(options) {
    if (options.url === undefined) return { available: false, reason: 'no --shadow-url is given' }
    try {
      const { major, description } = await look(options, options.url)
      if (options.major === undefined || options.major === major) return { available: true, major, description }
      return { available: false, reason: `${description} is not PostgreSQL ${options.major}` }
    } catch (error) {
      if (error instanceof ToolkitError && error.code === 'shadow-refused') throw error
      return { available: false, reason: messageOf(error) }
    }
  },
  async start(options) {
    if (options.url === undefined) throw refused('No --shadow-url is given.')
    const { description } = await look(options, options.url)
    return urlServer(options.url, description)
  },
}

interface Look {
  readonly major: number
  readonly description: string
}

/** Looks without changing anything: a database with tables in it is somebody's, not a place for experiments. */
async function look(options: ShadowOptions, shadowUrl: string): Promise<Look> {
  if (options.targetUrl !== undefined && isSame(shadowUrl, options.targetUrl)) {
    throw refused(`${redactUrl(shadowUrl)} is the database that the migrations are meant for.`)
  }
  const connection = await connect(shadowUrl, { readOnly: true })
  try {
    const { rows } = await connection.query<{ relations: string; may: boolean; version: string }>(lookQuery)
    const { relations = '0', may = false, version = '' } = rows[0] ?? {}
    if (Number(relations) > 0)
      throw refused(`${redactUrl(shadowUrl)} is not empty: it holds ${relations} tables or views.`)
    if (!may) throw refused(`The user of ${redactUrl(shadowUrl)} may not create databases.`)
    return {
      major: Math.floor(connection.versionNumber / 10_000),
      description: `PostgreSQL ${version} at --shadow-url`,
    }
  } finally {
    await connection.close()
  }
}

/** Relations of extensions do not count: many servers come with some. */
const lookQuery = `
  select (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
             and not exists (select from pg_depend d
                              where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')) as relations,
         (select rolcreatedb or rolsuper from pg_roles where rolname = current_user) as may,
         split_part(current_setting('server_version'), ' ', 1) as version`

function urlServer(shadowUrl: string, description: string): ShadowServer {
  const open = new Set<ShadowDatabase>()
  return {
    description,
    sessions: 'many',
    createDatabase: async () => {
      const database = await createDatabase(shadowUrl, () => open.delete(database))
      open.add(database)
      return database
    },
    stop: async () => {
      for (const database of open) await database.drop()
    },
  }
}

async function createDatabase(shadowUrl: string, onDrop: () => void): Promise<ShadowDatabase> {
  const name = `migrate_shadow_${randomBytes(6).toString('hex')}`
  await runOn(shadowUrl, `create database ${name} template template0`)
  const own = withDatabase(shadowUrl, name)
  return {
    url: own,
    connect: () => connect(own),
    drop: async () => {
      onDrop()
      await runOn(shadowUrl, `drop database if exists ${name} with (force)`)
    },
  }
}

async function runOn(shadowUrl: string, sql: string): Promise<void> {
  const connection = await connect(shadowUrl)
  try {
    await connection.run(sql)
  } finally {
    await connection.close()
  }
}

function withDatabase(shadowUrl: string, name: string): string {
  const changed = new URL(shadowUrl)
  changed.pathname = `/${name}`
  changed.searchParams.delete('dbname')
  return changed.href
}

/** The same server and database, whoever connects and however. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [a, b].map(placeOf)
  return one !== undefined && one === other
}

function placeOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { hostname, port, pathname, searchParams } = new URL(text)
  const host = searchParams.get('host') ?? hostname
  return [host === '127.0.0.1' ? 'localhost' : host, (searchParams.get('port') ?? port) || '5432', pathname].join('|')
}

function refused(message: string): ToolkitError {
  return new ToolkitError({
    code: 'shadow-refused',
    message,
    hint: 'Name an empty database of a server for tests, with a user that has CREATEDB; or leave --shadow-url out.',
  })
}
