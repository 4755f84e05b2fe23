import { positionAt } from '../core/span.ts'
import { ToolkitError } from '../core/errors.ts'
import type { Fact } from '../model/fact.ts'
import type { SeriesStep } from '../model/database.ts'
import type { Name } from '../model/name.ts'
import type { SourceFile } from '../model/migration.ts'
import type { MeasuredWork } from './measured-work.ts'
import type { ParsedSql, Statement } from '../model/statement.ts'

/** The SQL of one direction of one migration, ready to run. */
export interface SectionWork {
  readonly migration: string
  readonly name: string
  readonly direction: 'up' | 'down'
  /** Where the statements' spans point into. */
  readonly source: SourceFile
  readonly statements: readonly Statement[]
  /** What writes down that the section is done; runs in its transaction, or in one after its last statement. */
  record(took: RecordedTook): readonly SeriesStep[]
}

/** What it took. */
export interface Took {
  readonly attempts: number
  readonly lockWaitMs: number
  readonly durationMs: number
}

/** What is written down of it. `sinceBegin`: to `durationMs` comes what the open transaction took so far. */
export interface RecordedTook extends Took {
  readonly sinceBegin?: boolean
  readonly measured?: MeasuredWork | undefined
}

/**
 * Refuses what must not be begun: SQL that the grammar does not accept, and statements that end the runner's own
 * transaction, after which a failure could no longer be rolled back, and its lock, after which another run could begin.
 *
 * @throws ToolkitError `sql-syntax`, `session-control`, `transaction-control`
 */
export function refuseUnrunnable(source: SourceFile, sql: ParsedSql): void {
  const [problem] = sql.problems
  if (problem !== undefined) {
    throw new ToolkitError({
      code: 'sql-syntax',
      message: problem.message,
      at: { path: source.path, ...positionAt(source.text, problem.span.start) },
      details: source.text.slice(problem.statement.start, problem.statement.end),
      hint: 'Correct the statement. Nothing was changed.',
    })
  }
  for (const statement of sql.statements) {
    if (givesLocksUp(statement)) {
      throw new ToolkitError({
        code: 'session-control',
        message: `"${statement.sql}" gives up the locks of the session, and the runner's lock is one of them.`,
        at: { path: source.path, ...positionAt(source.text, statement.span.start) },
        hint: 'Take it out, or name what is to be given back: RESET ALL, DISCARD TEMP, pg_advisory_unlock(…). The runner puts the settings of its session back after each migration.',
      })
    }
    const control = statement.facts.find((fact) => fact.kind === 'transaction' && !savepoints.has(fact.action))
    if (control === undefined) continue
    throw new ToolkitError({
      code: 'transaction-control',
      message: `"${statement.sql}" begins or ends a transaction; the runner does that.`,
      at: { path: source.path, ...positionAt(source.text, statement.span.start) },
      hint: 'Take it out. For statements that need a transaction of their own write a second migration, or transaction:false after "migrate:up".',
    })
  }
}

/** DISCARD ALL, the only form of DISCARD that no transaction takes, and the function that it calls. */
function givesLocksUp({ facts, needsNoTransaction }: Statement): boolean {
  return facts.some(
    (fact) =>
      (fact.kind === 'other-statement' && fact.tag === 'DISCARD' && needsNoTransaction) ||
      (fact.kind === 'select' && fact.functions.some((name) => /(^|\.)pg_advisory_unlock_all$/.test(name))),
  )
}

const savepoints: ReadonlySet<string> = new Set(['savepoint', 'release', 'rollback-to'])

/** Tables and other relations that the statements name, for telling who blocks them. */
export function relationsOf(statements: readonly Statement[]): readonly Name[] {
  const names: Name[] = []
  for (const fact of statements.flatMap((statement) => statement.facts)) {
    if (fact.kind === 'create-table' || fact.kind === 'create-table-as') continue
    if ('table' in fact && fact.table !== undefined) names.push(fact.table)
    if ('tables' in fact) names.push(...fact.tables)
    if ('index' in fact && typeof fact.index === 'object') names.push(fact.index)
    if ('view' in fact) names.push(fact.view)
    if (fact.kind === 'add-constraint' && fact.constraint.type === 'foreign-key') names.push(fact.constraint.references)
  }
  return names
}

/** Settings that the statements change for the session. */
export function settingsSet(statements: readonly Statement[]): ReadonlySet<string> {
  const settings = new Set<string>()
  for (const fact of statements.flatMap((statement) => statement.facts)) {
    // SET TRANSACTION and the like are no settings that RESET takes.
    if (
      fact.kind === 'set-setting' &&
      !fact.local &&
      /^[a-z_][\w.]*$/i.test(fact.setting) &&
      !/^transaction(_|$)/i.test(fact.setting)
    )
      settings.add(fact.setting.toLowerCase())
  }
  return settings
}

/**
 * What drops temporary tables, views, sequences and functions that the statements make, or nothing: they would be there
 * for the next migration of the same run, and not where that runs alone.
 */
export function temporaryDrops(statements: readonly Statement[]): readonly SeriesStep[] {
  return statements.some(({ facts }) => facts.some(makesTemporary)) ? [{ sql: 'discard temp' }] : []
}

function makesTemporary(fact: Fact): boolean {
  if ('temporary' in fact && fact.temporary) return true
  switch (fact.kind) {
    case 'create-table':
    case 'create-table-as':
      return fact.table.schema === 'pg_temp'
    case 'create-view':
      return fact.view.schema === 'pg_temp'
    case 'create-sequence':
      return fact.sequence.schema === 'pg_temp'
    case 'create-function':
      return fact.function.schema === 'pg_temp'
    case 'create-type':
      return fact.type.schema === 'pg_temp'
    default:
      return false
  }
}

/** Settings that a statement gives back to what role, database or server say: RESET, TO DEFAULT; `all` for RESET ALL. */
export function settingsGivenBack({ facts }: Statement): ReadonlySet<string> {
  const given = facts.flatMap((fact) =>
    fact.kind === 'set-setting' && fact.value === undefined && fact.computed !== true ? [fact.setting] : [],
  )
  return new Set(given)
}
