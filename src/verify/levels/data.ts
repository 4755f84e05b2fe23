import { listOf, plural } from '../../core/text.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import { hidesWhatItDoes, touchedByFacts } from '../../model/touched.ts'
import { type RowDifference, compareRows } from '../data/compare-rows.ts'
import { isDeclared } from '../data/losses.ts'
import { bareName } from '../differing.ts'
import { type Evidence, type LevelJudge, type Verdict, broken, declared, notCovered, proven } from './level.ts'
import { rowsText } from './rows-text.ts'

/** D3: the data is the same again, but for what is declared to be lost. */
export const data: LevelJudge = { level: 'D3', judge: judgeData }

function judgeData({ migration, data: { before, reverted }, seed }: Evidence): Verdict {
  if (migration.down.kind === 'none') return declared(migration.down.reason)
  if (before === undefined || reverted === undefined) return notCovered('The downgrade did not run to its end.')
  const [differences, left] = partition(compareRows(before, reverted), migration)
  const undeclared = differences.flatMap((difference) => undeclaredPart(difference, migration.downLoses))
  if (undeclared.length > 0)
    return broken(`The data is not the same again, and no loss of it is declared: ${differencesText(undeclared)}.`)
  const lost =
    (differences.length === 0 ? '' : ` Lost as declared: ${differencesText(differences)}.`) +
    (left.length === 0 ? '' : ` What the upgrade filled stays: ${differencesText(left)}.`)
  if (seed === undefined)
    return notCovered(`The tables were empty: rows that the upgrade runs on could not be made up.${lost}`)
  const touched = touchedByFacts(migration.upSql.statements)
  const empty = [...before.values()].filter(({ table, rows }) => rows === 0 && touched.has(bareName(table)))
  if (empty.length > 0) return notCovered(`There were no rows in ${listOf(empty.map(({ table }) => table))}.${lost}`)
  if (before.size === 0) return proven('There were no tables before the upgrade.')
  const same = differences.length + left.length === 0 ? 'Every value' : 'Every other value'
  return proven(`${same} of ${rowsText(seed)} is the same after the downgrade as before the upgrade.${lost}`)
}

/**
 * A downgrade that leaves everything as it is may leave what a backfill wrote: NULLs that were filled, and rows that a
 * declared backfill added. Nothing that was there is lost.
 */
function partition(
  differences: readonly RowDifference[],
  { backfill, downSql }: ParsedMigration,
): readonly [lost: readonly RowDifference[], left: readonly RowDifference[]] {
  const { statements } = downSql
  if (touchedByFacts(statements).size > 0 || hidesWhatItDoes(statements)) return [differences, []]
  const isLeft = ({ lost, added, columns }: RowDifference): boolean =>
    lost === 0 && (added === 0 || backfill !== undefined) && columns.every(({ filled }) => filled)
  return [differences.filter((difference) => !isLeft(difference)), differences.filter(isLeft)]
}

/** What of a difference no declaration covers. */
function undeclaredPart(difference: RowDifference, losses: readonly string[]): readonly RowDifference[] {
  const { root } = difference
  if (isDeclared(losses, root)) return []
  const columns = difference.columns.filter(({ column }) => !isDeclared(losses, root, column))
  if (difference.lost + difference.added + columns.length === 0) return []
  return [{ ...difference, columns }]
}

const shownDifferences = 3

function differencesText(differences: readonly RowDifference[]): string {
  const shown = differences.slice(0, shownDifferences).map(differenceText).join('; ')
  const more = differences.length - shownDifferences
  return more > 0 ? `${shown}; and ${plural(more, 'more table')}` : shown
}

/** `public.books loses 12 rows (id 1, 2, 3)`. */
function differenceText({ table, lost, added, columns, samples, key }: RowDifference): string {
  const parts = [
    ...(lost > 0 ? [`loses ${plural(lost, 'row')}`] : []),
    ...(added > 0 ? [`has ${plural(added, 'row')} that ${added === 1 ? 'was' : 'were'} not there before`] : []),
    ...columns.map(({ column, rows }) =>
      rows === undefined ? `has other values in ${column}` : `has another ${column} in ${plural(rows, 'row')}`,
    ),
  ]
  const where = samples.length === 0 ? '' : ` (${key.join(', ')} ${samples.join('; ')})`
  return `${table} ${listOf(parts)}${where}`
}
