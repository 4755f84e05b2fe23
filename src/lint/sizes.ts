import type { Effect, Hazard } from '../model/effect.ts'
import { hazardsOfSize } from '../model/effect.ts'
import { blocksWrites } from '../model/lock.ts'
import { nameText } from '../model/name.ts'
import type { SizedTable, TableSize } from '../model/snapshot.ts'
import type { RuleContext } from '../rules/rule.ts'

/** Up to where a table counts as small; where both are given, both must hold. */
export interface SmallTable {
  readonly rows?: number | undefined
  readonly bytes?: number | undefined
}

/** How large the tables of effects are, each once. */
export function sizesOf(
  effects: readonly Effect[],
  { schema, size }: Pick<RuleContext, 'schema' | 'size'>,
): readonly SizedTable[] {
  const found = new Map<string, SizedTable>()
  for (const { table } of effects) {
    const known = size(table)
    if (known !== undefined) found.set(nameText(schema.resolve(table)), { table, ...known })
  }
  return [...found.values()]
}

/**
 * Whether all that is at stake is time, and it goes by the size of small tables only: those that others wait for, else
 * those whose rows are changed. A table whose size is not
 * known is not small.
 */
export function onlySmall(
  finding: {
    readonly hazards: readonly Hazard[]
    readonly effects: readonly Effect[]
    readonly sizes: readonly SizedTable[]
  },
  limit: SmallTable,
): boolean {
  if (!finding.hazards.every((hazard) => hazardsOfSize.has(hazard))) return false
  const blocking = finding.effects.filter(({ lock }) => blocksWrites(lock))
  // What makes nobody wait by its lock takes as long as there are rows to change.
  const lasting = blocking.length > 0 ? blocking : finding.effects.filter(({ lock }) => lock === 'ROW EXCLUSIVE')
  return (
    lasting.length > 0 &&
    lasting.every(({ table }) => {
      const text = nameText(table)
      const size = finding.sizes.find((sized) => nameText(sized.table) === text)
      return size !== undefined && isSmall(size, limit)
    })
  )
}

function isSmall(size: TableSize, { rows, bytes }: SmallTable): boolean {
  if (rows === undefined && bytes === undefined) return false
  const within = (value: number | undefined, limit: number | undefined): boolean =>
    limit === undefined || (value !== undefined && value <= limit)
  return within(size.rows, rows) && within(size.bytes, bytes)
}
