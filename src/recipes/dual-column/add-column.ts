import { quoteName } from '../../model/name.ts'
import type { SqlStep } from '../../model/plan.ts'
import { columnDefinition, earlyConstraints } from './column-copy.ts'
import type { ColumnCopy } from './column-copy.ts'
import { alterTable, lines } from './sql.ts'
import type { Sync } from './sync.ts'

interface Words {
  readonly title: string
  readonly why: string
  /** Statements that come when the column is there, before anything is known of it. */
  readonly afterwards: readonly string[]
}

/** The second column with its triggers and the checks that can be made now: the first step of every recipe with two columns. */
export function addColumn(copy: ColumnCopy, sync: Sync, { title, why, afterwards }: Words): SqlStep {
  return {
    kind: 'sql',
    id: 'add-column',
    phase: 'expand',
    title,
    why,
    up: lines(
      alterTable(copy.table, columnDefinition(copy.to, copy.type, copy.collation)),
      afterwards,
      earlyConstraints(copy),
      sync.install,
    ),
    down: {
      kind: 'sql',
      sql: lines(sync.remove, alterTable(copy.table, `drop column ${quoteName(copy.to)}`)),
      loses: [],
    },
    transaction: true,
    lock: 'ACCESS EXCLUSIVE',
    holds: 'moment',
    gates: [],
  }
}
