import { messageOf } from '../core/errors.ts'
import type { Connection } from '../model/database.ts'
import type { ParsedMigration } from '../model/migration.ts'
import { wasCancelled } from './deadline.ts'
import { type Fingerprint, FingerprintReader } from './fingerprint.ts'
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
  /** It did not end in time: other rows make no difference that could be waited for. */
  readonly cancelled?: boolean
}

/** A state of the scratch database on the way: before the upgrade, after it, after the downgrade, after the second upgrade. */
export type Stop = 'before' | 'after' | 'reverted' | 'again'

/** Looks at the scratch database at each stop. It may write only in transactions that it rolls back. */
export interface Observer {
  atStop(stop: Stop, connection: Connection): Promise<void>
}

/** Carries one section out; `runSection` unless something is to be seen while it runs. */
export type Carry = typeof runSection

export interface ClimbOptions {
  /** Knows the schema from earlier stops on the same database. */
  readonly schema?: FingerprintReader
  readonly observers?: readonly Observer[]
  readonly carry?: Carry
}

/**
 * Goes up, down and up again, reading the schema at each stop, and has the observers look too. Without a way back it
 * stops after the first upgrade.
 */
export async function climb(
  connection: Connection,
  migration: ParsedMigration,
  { schema = new FingerprintReader(), observers = [], carry = runSection }: ClimbOptions = {},
): Promise<Stairway> {
  const look = async (stop: Stop): Promise<Fingerprint> => {
    const seen = await schema.read(connection)
    for (const observer of observers) await observer.atStop(stop, connection)
    return seen
  }
  const { down } = migration
  const before = await look('before')
  const up = await attempt('up', () => carry(connection, migration.up, migration.upSql))
  if (up !== undefined) return { before, failure: up }
  const after = await look('after')
  if (down.kind !== 'sql') return { before, after }
  const back = await attempt('down', () => carry(connection, down.section, migration.downSql))
  if (back !== undefined) return { before, after, failure: back }
  const reverted = await look('reverted')
  const upAgain = await attempt('up again', () => carry(connection, migration.up, migration.upSql))
  if (upAgain !== undefined) return { before, after, reverted, failure: upAgain }
  return { before, after, reverted, again: await look('again') }
}

async function attempt(step: StairwayFailure['step'], run: () => Promise<void>): Promise<StairwayFailure | undefined> {
  try {
    await run()
    return undefined
  } catch (error) {
    return { step, reason: messageOf(error), ...(wasCancelled(error) ? { cancelled: true } : {}) }
  }
}
