import { Catalogue } from '../lint/schema/catalogue.ts'
import type { FrozenCatalogue } from '../lint/schema/catalogue.ts'
import { ReplayStep, replayMigration } from '../lint/replay.ts'
import { schemaText } from '../lint/schema-text.ts'
import { downSource } from '../lint/source-of.ts'
import { TransactionWalk } from '../lint/transaction.ts'
import type { LayoutWriter, MigrationPartDown } from '../layouts/layout.ts'
import type { ParsedMigration, Section } from '../model/migration.ts'
import type { Statement } from '../model/statement.ts'
import type { CutPart } from './cut.ts'
import { joined, piecesOf, withoutFrame } from './pieces.ts'

/**
 * The downgrade of each part, in the order of the parts; undefined where there is none to divide. The statements stay in
 * their order, those of the last part first, and each part goes back to the schema before it.
 */
export function divideDown(
  migration: ParsedMigration,
  before: readonly ParsedMigration[],
  parts: readonly CutPart[],
  writer: LayoutWriter,
): readonly MigrationPartDown[] | 'not certain' | undefined {
  const { down, downSql } = migration
  if (down.kind !== 'sql') return undefined
  const text = writer.downText?.(migration) ?? downSource(migration).text
  const all = piecesOf(text, down.section.span, downSql.statements)
  if (all === undefined) return 'not certain'
  const { pieces, framed } = writer.framesTransactions === true ? withoutFrame(all) : { pieces: all, framed: false }
  const statements = pieces.map(({ statement }) => statement)
  if (statements.some(({ facts }) => facts.some(({ kind }) => kind === 'transaction'))) return 'not certain'
  const states = statesOf(migration, before, parts)
  const counts = states && countsOf(states, down.section, statements)
  if (counts === undefined) return 'not certain'
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  let taken = 0
  const downs = counts.map((count): MigrationPartDown => {
    const own = pieces.slice(taken, taken + count)
    taken += count
    const sql =
      own.length === 0 ? `-- Nothing is to be taken back here.${newline}select 1;${newline}` : joined(own, newline)
    return { sql, transaction: framed || down.section.transaction }
  })
  // What stands alone going forward goes back alone: then nothing has to be blocked there either.
  return downs.toReversed().map((one, index) => {
    const isAlone = parts[index]?.alone === true && counts.at(-1 - index) === 1
    return isAlone ? { ...one, transaction: false } : one
  })
}

/** The schema before the first part and after each; undefined where a statement changes what is not known. */
function statesOf(
  { up }: ParsedMigration,
  before: readonly ParsedMigration[],
  parts: readonly CutPart[],
): readonly FrozenCatalogue[] | undefined {
  const catalogue = new Catalogue()
  for (const one of before) replayMigration(catalogue, one)
  const states = [catalogue.freeze()]
  for (const { statements } of parts) {
    if (!allSeen(catalogue.freeze(), up, statements)) return undefined
    apply(catalogue, up, statements)
    states.push(catalogue.freeze())
  }
  return states
}

/** Facts that change no schema. */
const changesRows: ReadonlySet<string> = new Set(['update', 'delete', 'insert', 'merge', 'copy', 'set-setting'])

/** Whether the replay knows what each statement changes: what it does not see it cannot see taken back. */
function allSeen(start: FrozenCatalogue, section: Section, statements: readonly Statement[]): boolean {
  let before = schemaText(Catalogue.thaw(start))
  return statements.every(({ facts }, index) => {
    const catalogue = Catalogue.thaw(start)
    apply(catalogue, section, statements.slice(0, index + 1))
    const after = schemaText(catalogue)
    const isSeen = after !== before || (facts.length > 0 && facts.every(({ kind }) => changesRows.has(kind)))
    before = after
    return isSeen
  })
}

/** How many statements of a downgrade belong to each part, the last part first. */
function countsOf(
  states: readonly FrozenCatalogue[],
  section: Section,
  statements: readonly Statement[],
): readonly number[] | undefined {
  const counts: number[] = []
  let state = states.at(-1)
  let taken = 0
  // The first part takes what is left.
  for (const wanted of states.slice(1, -1).toReversed()) {
    const step = state === undefined ? undefined : stepTo(wanted, state, section, statements.slice(taken))
    if (step === undefined) return undefined
    counts.push(step)
    taken += step
    state = wanted
  }
  return [...counts, statements.length - taken]
}

/** The least number of statements that lead from one schema to another. */
function stepTo(
  wanted: FrozenCatalogue,
  state: FrozenCatalogue,
  section: Section,
  statements: readonly Statement[],
): number | undefined {
  const goal = textOf(wanted)
  for (let count = 0; count <= statements.length; count += 1) {
    const catalogue = Catalogue.thaw(state)
    apply(catalogue, section, statements.slice(0, count))
    if (schemaText(catalogue, 'not what is validated') === goal) return count
  }
  return undefined
}

/** To go back behind a validation nothing has to be done. */
function textOf(state: FrozenCatalogue): string {
  return schemaText(Catalogue.thaw(state), 'not what is validated')
}

function apply(catalogue: Catalogue, section: Section, statements: readonly Statement[]): void {
  const walk = new TransactionWalk(section.transaction)
  const step = new ReplayStep(catalogue, section, { statements, problems: [] })
  for (const statement of statements) step.apply(statement, walk.advance(statement, []))
}
