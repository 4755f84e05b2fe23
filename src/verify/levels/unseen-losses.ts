import { compareRows } from '../data/compare-rows.ts'
import { isDeclared } from '../data/losses.ts'
import type { Evidence } from './level.ts'

/** Declared losses that did not happen on the rows that were tried: the declaration may be a mistake, or out of date. */
export function unseenLosses({ migration, data, writes }: Evidence): readonly string[] {
  const { before, reverted } = data
  if (before === undefined || reverted === undefined || writes === undefined) return []
  const rows = compareRows(before, reverted)
  const gone = writes.outcomes.flatMap((outcome) => outcome.gone)
  const happened = (loss: string): boolean =>
    rows.some(({ root, columns }) =>
      isTableOf(
        loss,
        root,
        columns.map(({ column }) => column),
      ),
    ) ||
    writes.outcomes.some(({ losses }) => losses.some(({ table, column }) => isDeclared([loss], table, column))) ||
    gone.some((name) => isGone(loss, name))
  return migration.downLoses.filter((loss) => !happened(loss))
}

function isTableOf(loss: string, table: string, columns: readonly string[]): boolean {
  return isDeclared([loss], table) || columns.some((column) => isDeclared([loss], table, column))
}

/** `column public.books.isbn`, `table public.notes`. A column of a table that goes has gone with it. */
function isGone(loss: string, name: string): boolean {
  const [kind = '', object = ''] = name.split(/ (.*)/s)
  const at = object.lastIndexOf('.')
  if (kind === 'column') return isDeclared([loss], object.slice(0, at), object.slice(at + 1))
  return isDeclared([loss], object) || isDeclared([loss.slice(0, loss.lastIndexOf('.'))], object)
}
