import { randomBytes } from 'node:crypto'
import { connect } from '../../db/connect.ts'
import type { Connection } from '../../model/database.ts'
import type { ShadowDatabase } from '../shadow.ts'

/** Scratch databases of one run on a server that others use as well. */
export interface OwnDatabases {
  create(): Promise<ShadowDatabase>
  /** Drops those that are left. */
  close(): Promise<void>
}

const prefix = 'migrate_shadow_'
const sessionPrefix = 'migrate shadow '

/**
 * Opens a session that says, as long as it lives, that this run does: by it other runs tell its databases from those
 * that a run has left which was killed. Such are dropped here first.
 */
export async function openDatabases(url: string): Promise<OwnDatabases> {
  const run = randomBytes(6).toString('hex')
  const keeper = await openKeeper(url, run)
  await dropLeftovers(keeper)
  const open = new Set<ShadowDatabase>()
  let count = 0
  return {
    create: async () => {
      count += 1
      const name = `${prefix}${run}_${count}`
      await keeper.run(`create database ${name} template template0`)
      const own = withDatabase(url, name)
      const drop = async (): Promise<void> => {
        if (!open.delete(database)) return
        await keeper.run(`drop database if exists ${name} with (force)`)
      }
      const database: ShadowDatabase = { url: own, connect: () => connect(own), drop }
      open.add(database)
      return database
    },
    close: async () => {
      for (const database of open) await database.drop()
      await keeper.close()
    },
  }
}

async function openKeeper(url: string, run: string): Promise<Connection> {
  const keeper = await connect(url)
  // The URL may name the session otherwise, and the server may end sessions that are idle.
  await keeper.run(`set application_name = '${sessionPrefix}${run}'; set idle_session_timeout = 0`)
  return keeper
}

/** Statements of a process that was killed may still run there: the server has yet to notice that nobody listens. */
async function dropLeftovers(keeper: Connection): Promise<void> {
  const { rows } = await keeper.query<{ name: string }>(leftoversQuery)
  for (const { name } of rows) await keeper.run(`drop database if exists ${name} with (force)`).catch(() => undefined)
}

const leftoversQuery = `
  select d.datname::text as name
    from pg_database d
   where d.datname ~ '^${prefix}[0-9a-f]{12}(_[0-9]+)?$' and pg_has_role(d.datdba, 'usage')
     and not exists (select from pg_stat_activity a
                      where a.application_name = '${sessionPrefix}' || substr(d.datname, ${prefix.length + 1}, 12))`

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  changed.searchParams.delete('dbname')
  return changed.href
}
