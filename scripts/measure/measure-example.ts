import type { Connection } from '../../src/model/database.ts'
import { lockModes } from '../../src/model/lock.ts'
import type { ParsedMigration } from '../../src/model/migration.ts'
import type { RuleExample } from '../../src/rules/rule.ts'
import { measure } from '../../src/verify/measure.ts'
import { exampleHistory } from './example-migrations.ts'
import { fillTables } from './fill-tables.ts'

/** What one table of an example was seen to go through. */
export interface MeasuredEffect {
  readonly table: string
  readonly lock: string
  readonly rewrites: boolean
  readonly scans: boolean
}

/** Rows in each table: enough for scans and rewrites to be real, few enough to be quick. */
const rowsPerTable = 300

/**
 * Applies what an example has given, fills the tables, and measures its bad migration.
 *
 * @throws DatabaseError when the server refuses it
 */
export async function measureExample(
  connect: () => Promise<Connection>,
  example: RuleExample,
): Promise<readonly MeasuredEffect[]> {
  const { given, judged } = exampleHistory(example, 'bad')
  const connection = await connect()
  await prepare(connection, given)
  const effects = new Map<string, MeasuredEffect>()
  for (const migration of judged) {
    const transaction = migration.up.transaction
    const sql = transaction ? migration.up.sql : migration.upSql.statements.map((statement) => statement.sql)
    const measured = await measure(connection, sql, { transaction, connect })
    for (const { table, lock, rewritten, scanned } of measured.tables) {
      const effect = { table, lock, rewrites: rewritten, scans: scanned }
      effects.set(table, together(effects.get(table) ?? effect, effect))
    }
  }
  return [...effects.values()]
}

/** What several migrations do to one table. */
function together(a: MeasuredEffect, b: MeasuredEffect): MeasuredEffect {
  const stronger = lockModes.findIndex((mode) => mode === a.lock) > lockModes.findIndex((mode) => mode === b.lock)
  return {
    table: a.table,
    lock: stronger ? a.lock : b.lock,
    rewrites: a.rewrites || b.rewrites,
    scans: a.scans || b.scans,
  }
}

/** Applies migrations one after the other, then puts rows into every table. */
export async function prepare(connection: Connection, given: readonly ParsedMigration[]): Promise<void> {
  for (const migration of given) await connection.run(migration.up.sql)
  await fillTables(connection, rowsPerTable)
}

/** Applies migrations as a runner does: each in a transaction, or statement by statement where it says so. */
export async function apply(connection: Connection, migrations: readonly ParsedMigration[]): Promise<void> {
  for (const { up, upSql } of migrations) {
    if (up.transaction) await connection.run(`begin;\n${up.sql}\n;commit`)
    else for (const statement of upSql.statements) await connection.run(statement.sql)
  }
}
