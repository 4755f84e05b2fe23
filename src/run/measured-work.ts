import { buildsIndex } from '../model/builds-index.ts'
import { type Name, nameText } from '../model/name.ts'
import type { WorkKind } from '../model/rates.ts'
import type { Statement } from '../model/statement.ts'
import type { RunContext } from './context.ts'

/** What took its time by the size of one table, so that the journal can tell how fast this server does it. */
export interface MeasuredWork {
  readonly work: WorkKind
  readonly table: Name
}

/** Undefined where nothing is read or written as a whole, or it is more than one table, or more than one kind of work. */
export function measuredWork(
  { effects }: Pick<RunContext, 'effects'>,
  statements: readonly Statement[],
): MeasuredWork | undefined {
  const done = new Map<string, MeasuredWork>()
  for (const statement of statements) {
    for (const { table, rewrites, scans } of effects?.(statement) ?? []) {
      if (!rewrites && !scans) continue
      const work = rewrites ? 'rewrite' : buildsIndex(statement.facts) ? 'index' : 'read'
      done.set(`${work} ${nameText(table)}`, { work, table })
    }
  }
  const [only, ...others] = done.values()
  return others.length === 0 ? only : undefined
}
