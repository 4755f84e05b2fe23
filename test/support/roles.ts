import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { type TestDatabase, createDatabase, runAsAdmin } from './postgres.ts'

/** A database in which only who was granted something may do it: that of docs/guides/for-dbas.md. */
export interface GuardedDatabase extends TestDatabase {
  readonly name: string
  /** Owns everything, cannot log in. */
  readonly migrator: string
  /** Logs in, has nothing of its own, and may take the role of `migrator`. */
  readonly deployer: string
  /** Logs in and may read the journal. */
  readonly reader: string
  as(role: string): string
  /** Runs SQL in the database as its administrator. */
  admin(sql: string): Promise<void>
}

/** Makes it, with exactly these grants; the roles are dropped with the test. */
export async function guardedDatabase(): Promise<GuardedDatabase> {
  const suffix = randomBytes(4).toString('hex')
  const [migrator, deployer, reader] = [`migrator_${suffix}`, `deployer_${suffix}`, `reader_${suffix}`] as const
  // Registered first, so that it runs when the database is gone.
  onTestFinished(() => runAsAdmin(`drop role ${deployer}; drop role ${reader}; drop role ${migrator}`))
  const database = await createDatabase()
  const name = new URL(database.url).pathname.slice(1)
  await runAsAdmin(`
    create role ${migrator} nologin;
    create role ${deployer} login noinherit in role ${migrator};
    create role ${reader} login;
    revoke all on database ${name} from public;
    grant connect on database ${name} to ${deployer}, ${reader};
    grant create on database ${name} to ${migrator}`)
  const admin = async (sql: string): Promise<void> => {
    const connection = await database.connect()
    await connection.run(sql)
    await connection.close()
  }
  await admin(`revoke all on schema public from public; grant usage, create on schema public to ${migrator}`)
  const as = (role: string): string => {
    const url = new URL(database.url)
    url.username = role
    url.password = ''
    return url.href
  }
  return { ...database, name, migrator, deployer, reader, as, admin }
}

/** What lets a reader see the journal, now and after its upgrades. */
export function journalGrants({ migrator, reader }: GuardedDatabase): string {
  return `
    grant usage on schema migrate to ${reader};
    grant select on all tables in schema migrate to ${reader};
    alter default privileges for role ${migrator} in schema migrate grant select on tables to ${reader}`
}
