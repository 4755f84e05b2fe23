import type { Connection } from '../../model/database.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import { hidesWhatItDoes, touchedByFacts } from '../../model/touched.ts'
import { affectedBy } from './affected.ts'
import { type ChangedData, changedData, changedFor, declaredLosses } from './changed-data.ts'
import type { Piece } from './pieces.ts'
import type { Relations } from './relations.ts'

/** Why the rows that a statement gives may be others than before: the migration changes them itself. */
export class DataChanges {
  readonly #changed: ChangedData
  readonly #through: ReadonlySet<string>
  readonly #reason: (table: string) => string
  /** A reason that holds for every statement. */
  readonly #always: string | undefined

  constructor(changed: ChangedData, through: ReadonlySet<string>, reason: (table: string) => string, always?: string) {
    this.#changed = changed
    this.#through = through
    this.#reason = reason
    this.#always = always
  }

  /** Undefined: other rows are not to be expected. */
  expectedFor(piece: Piece, relations: Relations): string | undefined {
    const table = changedFor(piece, this.#changed, this.#through, relations)
    return table === undefined ? this.#always : this.#reason(table)
  }
}

/** What to expect after the upgrade and after the downgrade. */
export interface ExpectedChanges {
  readonly upgrade: DataChanges
  readonly downgrade: DataChanges
}

/** Works out, on the schema before the upgrade, which statements see the rows that a migration changes. */
export async function expectedChanges(connection: Connection, migration: ParsedMigration): Promise<ExpectedChanges> {
  const { upSql, downSql, downLoses } = migration
  const changed = changedData(upSql.statements)
  const through = await dependents(connection, changed.keys())
  const hidden = hidesWhatItDoes(upSql.statements)
    ? 'The migration holds SQL that is put together at run time and may change rows itself.'
    : undefined
  const upgrade = new DataChanges(changed, through, (table) => `The migration itself changes rows of ${table}.`, hidden)
  const leaves = touchedByFacts(downSql.statements).size === 0 && !hidesWhatItDoes(downSql.statements)
  if (leaves) {
    const reason = (table: string): string => `The downgrade leaves rows of ${table} as they are.`
    return { upgrade, downgrade: new DataChanges(changed, through, reason, hidden) }
  }
  const losses = declaredLosses(downLoses)
  const throughLosses = await dependents(connection, losses.keys())
  return {
    upgrade,
    downgrade: new DataChanges(losses, throughLosses, (table) => `What is lost of ${table} is declared.`),
  }
}

async function dependents(connection: Connection, tables: Iterable<string>): Promise<ReadonlySet<string>> {
  const names = new Set(tables)
  return names.size === 0 ? names : affectedBy(connection, names)
}
