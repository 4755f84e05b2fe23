import { listOf } from '../core/text.ts'
import type { Connection } from '../model/database.ts'
import type { FactOf } from '../model/fact.ts'
import { nameText, quoteName } from '../model/name.ts'
import type { WayBack } from '../run/way-back.ts'
import { isDeclared } from '../verify/data/losses.ts'
import type { StoredProof } from './proofs.ts'
import { holdsValues } from './holds-values.ts'

type DroppedColumn = FactOf<'drop-column'>

/** What it is judged from. */
export interface Losing {
  /** Of the database as it is, before anything is reverted. */
  readonly connection: Connection
  /** Those of the files as they are. */
  readonly proofs: ReadonlyMap<string, StoredProof>
}

/**
 * What reverting these loses, in words, each once: what files declare, what proofs say, tables that are dropped, and
 * columns that hold values now, unless a valid proof says that their values stay elsewhere. What cannot be told counts.
 */
export async function downLosses(backs: readonly WayBack[], losing: Losing): Promise<readonly string[]> {
  const losses: string[] = []
  for (const back of backs) losses.push(...(await lossesOf(back, losing)))
  return [...new Set(losses)]
}

async function lossesOf({ applied, migration, from, sql }: WayBack, losing: Losing): Promise<readonly string[]> {
  // A file that is gone declares nothing.
  if (migration === undefined) return [`what ${applied.id} may have added (its file is gone)`]
  const stored = from === 'file' ? losing.proofs.get(applied.id) : undefined
  const proof = stored?.state === 'valid' ? stored.proof : undefined
  const broken = proof?.levels.filter(({ level, standing }) => isOfData(level) && standing === 'broken') ?? []
  const facts = sql.statements.flatMap((statement) => statement.facts)
  const tables = facts.flatMap((fact) => (fact.kind === 'drop-table' ? [nameText(fact.table)] : []))
  const columns: string[] = []
  for (const fact of facts) {
    if (fact.kind !== 'drop-column' || tables.includes(nameText(fact.table))) continue
    if (isDeclared(migration.downLoses, nameText(fact.table), quoteName(fact.column))) continue
    if (isKept(proof?.kept ?? [], fact)) continue
    columns.push(...(await heldBy(fact, losing.connection)))
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

async function heldBy({ table, column }: DroppedColumn, connection: Connection): Promise<readonly string[]> {
  const name = `${nameText(table)}.${quoteName(column)}`
  const held = await holdsValues(connection, table, column)
  if (held === false) return []
  return [held === true ? `the values of ${name}` : `the values of ${name}, if it holds any (${held.unknown})`]
}

/** The question that is asked before anything is reverted. */
export function lossQuestion(ids: readonly string[], losses: readonly string[]): string {
  return `Reverting ${listOf(ids)} loses ${listOf(losses)}.`
}
