import { listOf, plural } from '../core/text.ts'
import type { ParsedMigration } from '../model/migration.ts'
import type { Difference, Level, LevelResult, Standing } from '../model/proof.ts'
import { hidesWhatItDoes, touchedBesides, touchedByFacts } from '../model/touched.ts'
import { compare, differenceText, reordered } from './compare.ts'
import type { SeedReport } from './seed.ts'
import type { Stairway } from './stairway.ts'
import { bareName, touchedByDifferences } from './differing.ts'

/** What was done to one migration on a scratch database. */
export interface Examination {
  readonly stairway: Stairway
  /** Undefined: the tables were left empty, because the upgrade does not run on rows that we can make up. */
  readonly seed: SeedReport | undefined
  /** Why rows of another style, or any rows, could not be used. */
  readonly unfit: readonly string[]
}

export interface Judgement {
  readonly levels: readonly LevelResult[]
  /** The highest level that is proven with all below it. */
  readonly level: Level | null
  readonly differences: readonly Difference[]
  readonly columnOrderDiffers: boolean
}

/** Levels D0 to D2 from what was seen. Pure. */
export function judge(migration: ParsedMigration, examination: Examination): Judgement {
  const { before, after, reverted, again } = examination.stairway
  const left = reverted === undefined ? [] : compare(before, reverted)
  const second = after === undefined || again === undefined ? [] : compare(after, again)
  const reorderedTables = reverted === undefined ? [] : reordered(before, reverted)
  const levels = [
    judgeScope(migration, examination.stairway),
    judgeRun(migration, examination),
    judgeSchema(migration, examination.stairway, left, second, reorderedTables),
  ]
  const firstUnproven = levels.findIndex(({ standing }) => standing !== 'proven')
  const proven = firstUnproven === -1 ? levels : levels.slice(0, firstUnproven)
  return {
    levels,
    level: proven.at(-1)?.level ?? null,
    // What the downgrade leaves shows up in the second upgrade again.
    differences: left.length > 0 ? left : second,
    columnOrderDiffers: reorderedTables.length > 0,
  }
}

function judgeScope(migration: ParsedMigration, { before, after, reverted }: Stairway): LevelResult {
  const { down, downSql } = migration
  if (down.kind === 'missing') return broken('D0', 'There is no down section, and none is declared to be impossible.')
  if (down.kind === 'none') return declared('D0', down.reason)
  const problem = downSql.problems[0]
  if (problem !== undefined) return broken('D0', `The downgrade does not parse: ${problem.message}`)
  const upDifferences = after === undefined ? [] : compare(before, after)
  const downDifferences = after === undefined || reverted === undefined ? [] : compare(after, reverted)
  const allowed = new Set([...touchedByFacts(migration.upSql.statements), ...touchedByDifferences(upDifferences)])
  const differing = touchedByDifferences(downDifferences)
  const besides = touchedBesides(downSql.statements, allowed).keys()
  const foreign = [...new Set([...besides, ...[...differing].filter((name) => !allowed.has(name))])]
  if (foreign.length > 0) return broken('D0', `The downgrade touches what the upgrade did not: ${listOf(foreign)}.`)
  const hidden = hidesWhatItDoes(downSql.statements)
    ? ' It holds dynamic SQL, which was judged by what changed in the catalogue.'
    : ''
  const touched = new Set([...touchedByFacts(downSql.statements), ...differing].filter((name) => allowed.has(name)))
  const what = touched.size === 0 ? 'nothing' : `only ${listOf([...touched].toSorted())}, as the upgrade does`
  return proven('D0', `The downgrade parses and touches ${what}.${hidden}`)
}

function judgeRun(migration: ParsedMigration, { stairway, seed, unfit }: Examination): LevelResult {
  const { failure } = stairway
  const on = seed === undefined ? 'empty tables' : rowsText(seed)
  const why = unfit.map((reason) => ` ${reason}`).join('')
  if (failure !== undefined) return broken('D1', `${stepNames[failure.step]} fails on ${on}: ${failure.reason}.${why}`)
  if (migration.down.kind === 'none') return declared('D1', migration.down.reason, ` The upgrade runs on ${on}.${why}`)
  if (migration.down.kind === 'missing')
    return notCovered('D1', `There is nothing to run. The upgrade runs on ${on}.${why}`)
  const text = `Up, down and up again run on ${on}.${why}`
  if (seed === undefined) return notCovered('D1', text)
  // A table without rows hides most of what can fail, so a change of one is not covered.
  const touched = touchedByFacts(migration.upSql.statements)
  const hidden = seed.empty.filter(({ table }) => touched.has(bareName(table)))
  if (hidden.length > 0) return notCovered('D1', text + emptyTablesText(hidden))
  return proven('D1', text + emptyTablesText(seed.empty))
}

function judgeSchema(
  migration: ParsedMigration,
  { before, reverted, again }: Stairway,
  left: readonly Difference[],
  second: readonly Difference[],
  reorderedTables: readonly string[],
): LevelResult {
  if (migration.down.kind === 'none') return declared('D2', migration.down.reason)
  if (reverted === undefined) return notCovered('D2', 'The downgrade did not run to its end.')
  if (left.length > 0) return broken('D2', `The downgrade leaves ${differencesText(left)}.`)
  if (again === undefined) return notCovered('D2', 'The second upgrade did not run to its end.')
  if (second.length > 0)
    return broken('D2', `The second upgrade gives another schema than the first: ${differencesText(second)}.`)
  const order = reorderedTables.length > 0 ? ` The order of columns differs in ${listOf(reorderedTables)}.` : ''
  const objects = plural(Object.keys(before.objects).length, 'object')
  return proven(
    'D2',
    `The schema after the downgrade is the schema before (${objects} compared), and the second upgrade gives that of the first.${order}`,
  )
}

const stepNames = { up: 'The upgrade', down: 'The downgrade', 'up again': 'The second upgrade' } as const

function rowsText({ rows, style, tables, empty }: SeedReport): string {
  if (rows === 0) return empty.length > 0 ? 'empty tables' : 'a database without tables'
  return `${plural(rows, style === 'plain' ? 'plain row' : 'row')} in ${plural(tables.length, 'table')}`
}

function emptyTablesText(empty: SeedReport['empty']): string {
  if (empty.length === 0) return ''
  return ` Empty, because no row could be made up: ${listOf(empty.map(({ table }) => table))}.`
}

function differencesText(differences: readonly Difference[]): string {
  const first = differences.slice(0, 3).map(differenceText).join('; ')
  return differences.length > 3 ? `${first}; and ${plural(differences.length - 3, 'more difference')}` : first
}

function result(level: Level, standing: Standing, evidence: string): LevelResult {
  return { level, standing, evidence }
}
const proven = (level: Level, evidence: string): LevelResult => result(level, 'proven', evidence)
const broken = (level: Level, evidence: string): LevelResult => result(level, 'broken', evidence)
const notCovered = (level: Level, evidence: string): LevelResult => result(level, 'not covered', evidence)
const declared = (level: Level, reason: string, more = ''): LevelResult =>
  notCovered(level, `Declared irreversible: ${reason}.${more}`)
