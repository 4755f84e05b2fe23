import type { Image, Mapping } from './images.ts'
import type { TableWrites } from './make-writes.ts'

/** What the downgrade did to a row that was written after the upgrade. */
export interface WrittenLoss {
  /** `public.books`, as it is called after the upgrade. */
  readonly table: string
  /** Undefined: the whole row. */
  readonly column: string | undefined
  /** Ids of the rows. */
  readonly ids: readonly string[]
  /** What became of the first of them, in words: `'abcdef' became 'abc'`. */
  readonly detail: string
}

/** Rows and values that are not as they were written. Columns that are gone with the downgrade are not looked at. */
export function compareWritten(
  { table, deleted }: TableWrites,
  mapping: Mapping,
  written: Image,
  reverted: Image,
): readonly WrittenLoss[] {
  const loss = (column: string | undefined, ids: readonly string[], detail: string): readonly WrittenLoss[] =>
    ids.length === 0 ? [] : [{ table: table.name, column, ids, detail }]
  const ids = [...written.rows.keys()]
  const vanished = ids.filter((id) => !reverted.rows.has(id))
  const returned = deleted.filter((id) => !written.rows.has(id) && reverted.rows.has(id))
  const changed = table.columns.flatMap(({ name }, at) => {
    if (mapping.columns[at] === null) return []
    const value = (image: Image, id: string): string | null => image.rows.get(id)?.[at] ?? null
    const differing = ids.filter((id) => reverted.rows.has(id) && value(written, id) !== value(reverted, id))
    const [first = ''] = differing
    return loss(name, differing, `${shown(value(written, first))} became ${shown(value(reverted, first))}`)
  })
  return [...loss(undefined, vanished, 'gone'), ...loss(undefined, returned, 'deleted, and back again'), ...changed]
}

/** Losses that are none, because a second upgrade gives back what was written: the downgrade only wrote it another way. */
export function lostForGood(losses: readonly WrittenLoss[], afterAll: readonly WrittenLoss[]): readonly WrittenLoss[] {
  return losses.flatMap((loss) => {
    const still = afterAll.find(({ table, column }) => table === loss.table && column === loss.column)
    const ids = loss.ids.filter((id) => still?.ids.includes(id) === true)
    return ids.length === 0 ? [] : [{ ...loss, ids }]
  })
}

const shownLength = 40

function shown(value: string | null): string {
  if (value === null) return 'null'
  return `'${value.length > shownLength ? `${value.slice(0, shownLength)}…` : value}'`
}
