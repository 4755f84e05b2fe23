import type { SeriesStep } from '../model/database.ts'
import type { Statement } from '../model/statement.ts'
import type { RunContext } from './context.ts'
import type { Attempt } from './lock-retry.ts'
import { measuredWork } from './measured-work.ts'
import { type SectionWork, settingsGivenBack, settingsSet, temporaryDrops } from './section.ts'
import type { AheadStep } from './send-ahead.ts'
import { ownAgainInTransaction, resetsFor } from './session.ts'
import { timeLimits } from './time-limits.ts'
import { beginning } from './transaction.ts'

/** One attempt at a section in one transaction: what is sent, and how far the server is. */
export class SectionAttempt {
  readonly work: SectionWork
  readonly steps: readonly AheadStep[]
  /** The statement that the server is at, and since when. */
  current: Statement | undefined
  begunAt = 0
  readonly #context: RunContext
  /** What happened before its turn in the run came. */
  #early: (() => void)[] | undefined = []

  constructor(context: RunContext, work: SectionWork, attempt: AttemptAt) {
    this.work = work
    this.#context = context
    const { lockTimeoutMs } = attempt
    const [first, ...later] = timeLimits(context, work.statements)
    const [begin, ...settings] = beginning(context, { lockTimeoutMs, statementTimeoutMs: first })
    // BEGIN and the limits take no time, so the first statement is taken for begun with them.
    this.steps = [
      { ...begin, turn: () => this.#tell(() => this.#started(0)) },
      ...settings,
      ...this.#statements([undefined, ...later], lockTimeoutMs),
      ...this.#end(attempt),
    ]
  }

  /** Its turn has come: from here on it is told how far the server is. */
  begin(): void {
    this.begunAt = this.#context.clock.now()
    for (const tell of this.#early ?? []) tell()
    this.#early = undefined
  }

  #tell(what: () => void): void {
    if (this.#early === undefined) what()
    else this.#early.push(what)
  }

  #started(index: number): void {
    const { clock, emit } = this.#context
    const { migration, statements } = this.work
    const statement = statements[index]
    if (statement === undefined) return
    this.current = statement
    this.begunAt = clock.now()
    emit({ kind: 'statement-started', migration, statement: index, sql: statement.sql })
  }

  #statements(limits: readonly (number | undefined)[], lockTimeoutMs: number): readonly AheadStep[] {
    const { connection, lease } = this.#context
    const own = { lockTimeoutMs, leased: lease !== undefined }
    return this.work.statements.flatMap((statement, index): readonly AheadStep[] => {
      const turn = (): void => this.#tell(() => this.#started(index))
      const step = { sql: statement.sql, alone: readsMessages(statement), ...(index === 0 ? {} : { turn }) }
      const limit = limits[index]
      return [
        ...(limit === undefined ? [] : [{ sql: `set local statement_timeout = ${limit}`, often: !own.leased }]),
        step,
        ...ownAgainInTransaction(connection, settingsGivenBack(statement), own),
      ]
    })
  }

  /** What comes after the statements: their settings are put back, and the journal's row is written. */
  #end({ attempt, lockWaitMs }: AttemptAt): readonly SeriesStep[] {
    const { statements } = this.work
    const { connection, lease } = this.#context
    const resets = resetsFor(connection, settingsSet(statements), lease !== undefined)
    const measured = measuredWork(this.#context, statements)
    // How long the transaction takes is not known yet; the server adds it to what went before.
    const took = { attempts: attempt, lockWaitMs, durationMs: lockWaitMs, sinceBegin: true, measured }
    const [first, ...more] = [...temporaryDrops(statements), ...resets, ...this.work.record(took)]
    const turn = (): void =>
      this.#tell(() => {
        this.current = undefined
      })
    return first === undefined ? [] : [{ ...first, turn, unhurried: true }, ...more]
  }
}

export type AttemptAt = Pick<Attempt, 'attempt' | 'lockTimeoutMs' | 'lockWaitMs'>

/** COPY FROM STDIN would read the next message as its data. */
function readsMessages({ facts }: Statement): boolean {
  return facts.some((fact) => fact.kind === 'copy' && fact.direction === 'from')
}
