import { messageOf } from '../core/errors.ts'
import type { Connection } from '../model/database.ts'
import type { ParsedMigration } from '../model/migration.ts'
import { type Fingerprint, fingerprint } from './fingerprint.ts'
import { runSection } from './run-section.ts'

/** What happened on the way up, down and up again. A step that was not reached is undefined. */
export interface Stairway {
  readonly before: Fingerprint
  readonly after?: Fingerprint
  readonly reverted?: Fingerprint
  readonly again?: Fingerprint
  readonly failure?: StairwayFailure
}

export interface StairwayFailure {
  readonly step: 'up' | 'down' | 'up again'
  readonly reason: string
}

/** Goes up, down and up again, reading the schema after each step. Without a way back it stops after the first. */
export async function climb(connection: Connection, migration: ParsedMigration): Promise<Stairway> {
  const { down } = migration
  const before = await fingerprint(connection)
  const up = await attempt('up', () => runSection(connection, migration.up, migration.upSql))
  if (up !== undefined) return { before, failure: up }
  const after = await fingerprint(connection)
  if (down.kind !== 'sql') return { before, after }
  const back = await attempt('down', () => runSection(connection, down.section, migration.downSql))
  if (back !== undefined) return { before, after, failure: back }
  const reverted = await fingerprint(connection)
  const upAgain = await attempt('up again', () => runSection(connection, migration.up, migration.upSql))
  if (upAgain !== undefined) return { before, after, reverted, failure: upAgain }
  return { before, after, reverted, again: await fingerprint(connection) }
}

async function attempt(step: StairwayFailure['step'], run: () => Promise<void>): Promise<StairwayFailure | undefined> {
  try {
    await run()
    return undefined
  } catch (error) {
    return { step, reason: messageOf(error) }
  }
}
