import type { Clock } from '../core/time.ts'
import type { Connection } from '../model/database.ts'
import type { LockMode } from '../model/lock.ts'
import type { Section } from '../model/migration.ts'
import { type ParsedSql, type Statement, inOneTransaction } from '../model/statement.ts'
import type { RelationLock, SectionLocks, StatementCost, StatementLocks } from '../model/statement-locks.ts'
import { touchedByFacts } from '../model/touched.ts'
import { type Locks, addLocks, processIdOf } from './locks.ts'
import { runWatched } from './measure-alone.ts'
import { noticeText } from './measure.ts'
import { type Measurement, readForeignKeys, summarise } from './observation.ts'
import { type Relation, readRelations } from './relations.ts'
import { refuseUnparsed, runStatement } from './run-section.ts'

export interface MeasureSectionOptions {
  readonly clock: Clock
  /** Opens further sessions on the same database; without it nothing is seen of locks outside a transaction. */
  readonly connect: (() => Promise<Connection>) | undefined
}

/**
 * Runs one direction of a migration as `runSection` does, and measures what each of its statements does to the relations
 * that were there before the first.
 *
 * @throws FailedStatement with the server's words, or the grammar's; an open transaction is rolled back
 */
export async function measureSection(
  connection: Connection,
  section: Section,
  parsed: ParsedSql,
  options: MeasureSectionOptions,
): Promise<SectionLocks> {
  refuseUnparsed(section, parsed)
  const together = inOneTransaction(section, parsed)
  const messages: string[] = []
  const stop = connection.onNotice((notice) => messages.push(noticeText(notice)))
  const walk = new MeasuredWalk(connection, messages, together, options)
  try {
    if (together) await connection.run('begin')
    await walk.begin()
    for (const statement of parsed.statements) await walk.take(statement)
    if (together) await connection.run('commit')
    return walk.result()
  } finally {
    stop()
    await connection.run('rollback')
    await connection.run('discard all')
  }
}

class MeasuredWalk {
  readonly #connection: Connection
  readonly #messages: string[]
  readonly #together: boolean
  readonly #options: MeasureSectionOptions
  readonly #statements: StatementLocks[] = []
  readonly #costs: StatementCost[] = []
  #processId = 0
  /** The relations that were there before the first statement, by OID. */
  #original: ReadonlyMap<number, Relation> = new Map()
  #known: ReadonlyMap<number, Relation> = new Map()
  #held: Locks = new Map()

  constructor(connection: Connection, messages: string[], together: boolean, options: MeasureSectionOptions) {
    this.#connection = connection
    this.#messages = messages
    this.#together = together
    this.#options = options
  }

  async begin(): Promise<void> {
    this.#processId = await processIdOf(this.#connection)
    this.#original = await readRelations(this.#connection)
    this.#known = this.#original
    await this.#connection.run(`set ${this.#together ? 'local ' : ''}client_min_messages = debug1`)
  }

  async take(statement: Statement): Promise<void> {
    const { sql } = statement
    const { clock, connect } = this.#options
    const observed = this.#together || connect !== undefined
    const asked: Locks = new Map()
    this.#messages.length = 0
    const walBefore = await this.#walPosition()
    const begunAt = clock.now()
    if (this.#together || connect === undefined) await runStatement(this.#connection, statement)
    else await runWatched(this.#connection, sql, connect, asked, touchedByFacts([statement]))
    const durationMs = clock.now() - begunAt
    const walBytes = (await this.#walPosition()) - walBefore
    if (this.#together) await addLocks(asked, this.#connection, this.#processId)
    const after = await readRelations(this.#connection)
    const measured = summarise({
      before: this.#stillThere(),
      after,
      locks: asked,
      observed,
      messages: this.#messages,
      foreignKeys: await readForeignKeys(this.#connection),
      inTransaction: this.#together,
    })
    const number = this.#statements.length + 1
    this.#statements.push({ statement: number, relations: this.#newOnes(measured, asked) })
    this.#costs.push({ statement: number, durationMs, walBytes })
    this.#known = after
    this.#held = this.#together ? asked : new Map()
  }

  result(): SectionLocks {
    return { statements: this.#statements, costs: this.#costs }
  }

  /** As they were just before the statement, under the names that they had before the section. */
  #stillThere(): ReadonlyMap<number, Relation> {
    return new Map(
      [...this.#known].flatMap(([oid, relation]) => {
        const original = this.#original.get(oid)
        return original === undefined ? [] : [[oid, { ...relation, name: original.name }] as const]
      }),
    )
  }

  /** Without what an earlier statement did and this one only goes on holding. */
  #newOnes(measured: Measurement, asked: Locks): readonly RelationLock[] {
    const oids = new Map([...this.#original].map(([oid, { name }]) => [name, oid]))
    const isNew = (relation: RelationLock): boolean => {
      const oid = oids.get(relation.relation) ?? 0
      return relation.rewritten || relation.scanned || asked.get(oid) !== this.#held.get(oid) || !this.#together
    }
    return relationLocks(measured)
      .filter(isNew)
      .toSorted((a, b) => (a.relation < b.relation ? -1 : 1))
  }

  async #walPosition(): Promise<number> {
    const { rows } = await this.#connection.query<{ bytes: number }>(
      `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as bytes`,
    )
    return rows[0]?.bytes ?? 0
  }
}

function relationLocks({ tables, indexes, others }: Measurement): readonly RelationLock[] {
  const plain = { rewritten: false, scanned: false }
  return [
    ...tables.flatMap(({ table, lock, rewritten, scanned }) => {
      const shown: LockMode | 'not observed' = lock === 'none' ? 'not observed' : lock
      return { relation: table, kind: 'table' as const, lock: shown, rewritten, scanned }
    }),
    ...indexes.map(({ index, lock }) => ({ relation: index, kind: 'index' as const, lock, ...plain })),
    ...others.map(({ name, kind, lock }) => ({ relation: name, kind, lock, ...plain })),
  ]
}
