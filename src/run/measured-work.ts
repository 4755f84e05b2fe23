import { buildsIndex } from '../model/builds-index.ts'
import type { Fact } from '../model/fact.ts'
import { type Name, nameText } from '../model/name.ts'
import type { WorkKind } from '../model/rates.ts'
import type { Statement } from '../model/statement.ts'
import type { RunContext } from './context.ts'
import { isUnbounded } from './limits.ts'

/** What took its time by the size of one table, so that the journal can tell how fast this server does it. */
export interface MeasuredWork {
  readonly work: WorkKind
  readonly table: Name
}

/** What reads all rows for sure. Of a table that is not known others count as reading, too, to be on the safe side. */
const reading: ReadonlySet<Fact['kind']> = new Set([
  'validate-constraint',
  'add-constraint',
  'set-not-null',
  'attach-partition',
] as const)

/**
 * Undefined where no table is read or written as a whole, where it is more than one table or more than one kind of work,
 * and where something else takes its time as well, such as an UPDATE.
 */
export function measuredWork(
  { effects }: Pick<RunContext, 'effects'>,
  statements: readonly Statement[],
): MeasuredWork | undefined {
  const done = new Map<string, MeasuredWork>()
  for (const statement of statements) {
    if (statement.facts.some(isUnbounded)) return undefined
    for (const { table, rewrites, scans } of effects?.(statement) ?? []) {
      const work = workOf(statement, { rewrites, scans })
      if (work !== undefined) done.set(`${work} ${nameText(table)}`, { work, table })
    }
  }
  const [only, ...others] = done.values()
  return others.length === 0 ? only : undefined
}

function workOf(
  { facts }: Statement,
  { rewrites, scans }: { readonly rewrites: boolean; readonly scans: boolean },
): WorkKind | undefined {
  if (rewrites) return 'rewrite'
  if (!scans) return undefined
  if (buildsIndex(facts)) return 'index'
  return facts.some(({ kind }) => reading.has(kind)) ? 'read' : undefined
}
