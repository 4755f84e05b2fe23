import { createHash } from 'node:crypto'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { gates } from '../../src/gates/registry.gen.ts'
import { native } from '../../src/layouts/native.ts'
import { parseMigration } from '../../src/lint/parse.ts'
import { replay } from '../../src/lint/replay.ts'
import type { Connection } from '../../src/model/database.ts'
import type { ParsedMigration, Section } from '../../src/model/migration.ts'
import type { Plan } from '../../src/model/plan.ts'
import { planFiles } from '../../src/plan/files.ts'
import { planChange } from '../../src/plan/plan.ts'
import type { RecipeExample } from '../../src/recipes/recipe.ts'
import { recipes } from '../../src/recipes/registry.gen.ts'
import { rules } from '../../src/rules/registry.gen.ts'
import { inOneTransaction } from '../../src/model/statement.ts'

/** The time that the files of the tests are from. */
const time = new Date('2026-11-23T21:00:00Z')

export interface Planned {
  readonly plan: Plan
  /** What is there before: the first migration of the history. */
  readonly given: ParsedMigration
  /** The plan's own files, written and read again. */
  readonly migrations: readonly ParsedMigration[]
}

/** The plan of an example, through the files that would be written. */
export async function planExample(
  example: Pick<RecipeExample, 'given' | 'change'>,
  target: number,
  fill?: string,
): Promise<Planned> {
  await postgres.load()
  const [given] = read([
    {
      name: '20260101000000_given.sql',
      text: `-- migrate:up\n${example.given}\n\n-- migrate:down none because it is the beginning\n`,
    },
  ])
  if (given === undefined) throw new Error('the example has no given')
  const [statement] = postgres.parse(example.change).statements
  if (statement === undefined) throw new Error('the example has no change')
  const plan = planChange({ statement, schema: replay([given]), recipes, dialect: postgres, target, fill })
  return { plan, given, migrations: read(planFiles(plan, time)) }
}

/** Files as the tool reads them from disk; anything wrong with them is an error. */
export function read(files: readonly { readonly name: string; readonly text: string }[]): readonly ParsedMigration[] {
  const sources = files.map(({ name, text }) => ({
    path: name,
    text,
    sha256: createHash('sha256').update(text).digest('hex'),
  }))
  const reading = native.read(sources, {
    knownRules: [...rules.map(({ id }) => id), 'phase-mismatch'],
    knownGates: gates.map(({ id }) => id),
  })
  if (reading.problems.length > 0) throw new Error(JSON.stringify(reading.problems, null, 2))
  return reading.migrations.map((migration) => parseMigration(migration, postgres))
}

export async function runUp(connection: Connection, migration: ParsedMigration): Promise<void> {
  if (migration.backfill !== undefined) await backfill(connection, migration)
  else await runSection(connection, migration.up, migration.upSql)
}

export async function runDown(connection: Connection, migration: ParsedMigration): Promise<void> {
  if (migration.down.kind !== 'sql') throw new Error(`${migration.name} has no way back`)
  await runSection(connection, migration.down.section, migration.downSql)
}

async function runSection(connection: Connection, section: Section, parsed: ParsedMigration['upSql']): Promise<void> {
  const statements = parsed.statements
  if (statements.length === 0) return
  if (inOneTransaction(section, parsed)) await connection.run(`begin;\n${section.sql}\ncommit;`)
  else for (const statement of statements) await connection.run(statement.sql)
}

/** Rows of one batch: small, so that there are several. */
const batchRows = 7

/** Cuts the statement as the engine does; each batch commits on its own. */
async function backfill(connection: Connection, { backfill: options, upSql }: ParsedMigration): Promise<void> {
  const statement = upSql.statements[0]
  if (options === undefined || statement === undefined) throw new Error('not a backfill')
  const bounded = await postgres.boundByKey(statement.sql, options)
  const { rows } = await connection.query<{ key: string }>(
    `select ${options.key}::text as key from ${options.table} order by ${options.key}`,
  )
  const keys = rows.map(({ key }) => key)
  let from: string | null = null
  for (let last = batchRows - 1; from !== keys.at(-1); last += batchRows) {
    const to: string | undefined = keys[Math.min(last, keys.length - 1)]
    if (to === undefined) return
    await connection.query(bounded, [from, to])
    from = to
  }
}

/** Runs statements one after the other, each rolled back. */
export async function tryAll(connection: Connection, queries: readonly string[]): Promise<void> {
  for (const query of queries) {
    await connection.run('begin')
    try {
      await connection.run(query)
    } catch (error) {
      throw new Error(`${query}: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      await connection.run('rollback')
    }
  }
}

/** Every row of every user table as text, columns by name, so that their order does not matter. */
export async function allRows(connection: Connection): Promise<Readonly<Record<string, readonly string[]>>> {
  const tables = await connection.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
  )
  const found: Record<string, readonly string[]> = {}
  for (const { name } of tables.rows) {
    const { rows } = await connection.query<{ row: string }>(
      `select to_jsonb(t)::text as row from ${name} as t order by 1`,
    )
    found[name] = rows.map(({ row }) => row)
  }
  return found
}
