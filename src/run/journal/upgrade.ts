import { setImmediate } from 'node:timers/promises'
import { quoteName } from '../../model/name.ts'
import type { Journal } from '../journal.ts'
import { journalVersion } from './read.ts'
import { journalVersions } from './versions.ts'

/**
 * Creates the journal, or brings it to the version of this tool, in one transaction. The runner's lock must be held:
 * two sessions that create the same table at once collide in the catalogue. `meanwhile` is done
 * while the server makes it; where that throws nothing is made.
 *
 * @throws ToolkitError `journal-newer`, `journal-unreadable`
 */
export async function upgradeJournal(journal: Journal, meanwhile = (): void => undefined): Promise<void> {
  const version = await journalVersion(journal)
  if (version === journalVersions.length) return
  const { connection } = journal
  await connection.run('begin')
  try {
    await upgradeInTransaction(journal, version, meanwhile)
    await connection.run('commit')
  } catch (error) {
    await connection.run('rollback').catch(() => undefined)
    throw error
  }
}

/** The same in a transaction that is open already; `version` is the one that is there. */
export async function upgradeInTransaction(
  journal: Journal,
  version: number,
  meanwhile = (): void => undefined,
): Promise<void> {
  if (version === 0) await createSchema(journal)
  const missing = journalVersions
    .slice(version)
    .map((sql, index) => `${sql}; insert into journal_version (version) values (${version + index + 1});`)
  // Written first on the path, and only until COMMIT, so that the SQL need not repeat a name that users choose.
  const made = journal.connection.run(`set local search_path = ${quoteName(journal.schema)};\n${missing.join('\n')}`)
  await Promise.all([made, setImmediate().then(meanwhile)])
}

async function createSchema({ connection, schema }: Journal): Promise<void> {
  // CREATE SCHEMA IF NOT EXISTS needs the right to create one even where it exists; many roles have only the schema.
  const { rows } = await connection.query<{ present: boolean }>('select to_regnamespace($1) is not null as present', [
    quoteName(schema),
  ])
  if (rows[0]?.present !== true) await connection.run(`create schema ${quoteName(schema)}`)
  await connection.run(
    `create table ${quoteName(schema)}.journal_version (
       version integer primary key,
       installed_at timestamp with time zone not null default clock_timestamp()
     )`,
  )
}
