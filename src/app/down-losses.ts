import { listOf } from '../core/text.ts'
import type { Connection } from '../model/database.ts'
import type { ColumnDefinition } from '../model/column.ts'
import type { Fact, FactOf } from '../model/fact.ts'
import { nameText, quoteName } from '../model/name.ts'
import type { RunMigration } from '../run/run-migration.ts'
import type { WayBack } from '../run/way-back.ts'
import { isDeclared } from '../verify/data/losses.ts'
import type { StoredProof } from './proofs.ts'
import { holdsRows, holdsValues } from './holds-values.ts'
import { mayFill } from './may-fill.ts'

type DroppedTable = FactOf<'drop-table'>
type DroppedColumn = FactOf<'drop-column'>

/** What it is judged from. */
export interface Losing {
  /** Of the database as it is, before anything is reverted. */
  readonly connection: Connection
  /** Those of the files as they are. */
  readonly proofs: ReadonlyMap<string, StoredProof>
}

/**
 * What reverting these loses, in words, each once: what files declare, what proofs say, tables that are dropped and hold
 * rows now, and columns that hold values now, unless a valid proof says that their values stay elsewhere, or all of them
 * are the constant that the upgrade would give again. What cannot be told counts.
 */
export async function downLosses(backs: readonly WayBack[], losing: Losing): Promise<readonly string[]> {
  const losses: string[] = []
  const before: Fact[] = []
  for (const back of backs) losses.push(...(await lossesOf(back, before, losing)))
  return [...new Set(losses)]
}

/** `before`: what the statements do that run until then, to which its own are added. */
async function lossesOf(
  { applied, migration, from, sql }: WayBack,
  before: Fact[],
  losing: Losing,
): Promise<readonly string[]> {
  const facts = sql.statements.flatMap((statement) => statement.facts)
  // A file that is gone declares nothing.
  if (migration === undefined) {
    before.push(...facts)
    return [`what ${applied.id} may have added (its file is gone)`]
  }
  const stored = from === 'file' ? losing.proofs.get(applied.id) : undefined
  const proof = stored?.state === 'valid' ? stored.proof : undefined
  const broken = proof?.levels.filter(({ level, standing }) => isOfData(level) && standing === 'broken') ?? []
  const dropped = facts.flatMap((fact) => (fact.kind === 'drop-table' ? [nameText(fact.table)] : []))
  const tables: string[] = []
  const columns: string[] = []
  for (const fact of facts) {
    if (fact.kind === 'drop-table') tables.push(...(await rowsOf(fact, before, losing.connection)))
    if (fact.kind === 'drop-column' && !dropped.includes(nameText(fact.table))) {
      const stays =
        isDeclared(migration.downLoses, nameText(fact.table), quoteName(fact.column)) || isKept(proof?.kept ?? [], fact)
      const given = from === 'file' ? givenAgain(fact, migration) : undefined
      if (!stays) columns.push(...(await heldBy(fact, { before, given, connection: losing.connection })))
    }
    before.push(fact)
  }
  const said = broken.map(({ level, evidence }) => `what the proof of ${applied.id} says of ${level}: ${evidence}`)
  return [...migration.downLoses, ...tables, ...columns, ...said.map((text) => text.replace(/\.$/, ''))]
}

/** D3: rows that were there before; D4: rows written since. */
function isOfData(level: string): boolean {
  return level === 'D3' || level === 'D4'
}

/** Whether a proof names the column, which it does with its schema. */
function isKept(kept: readonly string[], { table, column }: DroppedColumn): boolean {
  const named = `${nameText(table)}.${quoteName(column)}`
  return kept.some((one) => one === named || (table.schema === undefined && one.slice(one.indexOf('.') + 1) === named))
}

/** The table is named by itself where it has rows: then all of it is lost. */
async function rowsOf(
  { table }: DroppedTable,
  before: readonly Fact[],
  connection: Connection,
): Promise<readonly string[]> {
  const name = nameText(table)
  const held = await holdsRows(connection, table)
  if (held === true) return [name]
  if (held !== false) return [`${name}, if it holds any row (${held.unknown})`]
  return before.some((fact) => mayFill(fact, table)) ? [`${name}, if statements before it leave a row in it`] : []
}

interface Holding {
  readonly before: readonly Fact[]
  /** How its own upgrade adds it. */
  readonly given: ColumnDefinition | undefined
  readonly connection: Connection
}

async function heldBy({ table, column }: DroppedColumn, by: Holding): Promise<readonly string[]> {
  const name = `${nameText(table)}.${quoteName(column)}`
  const held = await holdsValues(by.connection, table, column, by.given)
  if (held === true) return [`the values of ${name}`]
  if (held !== false) return [`the values of ${name}, if it holds any (${held.unknown})`]
  const isFilled = by.before.some((fact) => mayFill(fact, table, column))
  return isFilled ? [`the values of ${name}, if statements before it leave any`] : []
}

/** The column as the upgrade adds it, where nothing else in there may give it values. */
function givenAgain({ table, column }: DroppedColumn, { upSql }: RunMigration): ColumnDefinition | undefined {
  const facts = upSql.statements.flatMap((statement) => statement.facts)
  const adds = facts.filter(
    (fact) => fact.kind === 'add-column' && fact.column.name === column && nameText(fact.table) === nameText(table),
  )
  const [add] = adds
  if (add?.kind !== 'add-column' || adds.length > 1 || upSql.problems.length > 0) return undefined
  return facts.some((fact) => mayFill(fact, table, column)) ? undefined : add.column
}

/** The question that is asked before anything is reverted. */
export function lossQuestion(ids: readonly string[], losses: readonly string[]): string {
  return `Reverting ${listOf(ids)} loses ${listOf(losses)}.`
}
