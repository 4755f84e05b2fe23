import { describe, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { lint } from '../../src/lint/lint.ts'
import type { Connection } from '../../src/model/database.ts'
import { strongerLock } from '../../src/model/lock.ts'
import type { LockMode } from '../../src/model/lock.ts'
import type { ParsedMigration } from '../../src/model/migration.ts'
import type { RecipeExample } from '../../src/recipes/recipe.ts'
import { recipes } from '../../src/recipes/registry.gen.ts'
import { rules } from '../../src/rules/registry.gen.ts'
import { fingerprint } from '../../src/verify/fingerprint.ts'
import { measure } from '../../src/verify/measure.ts'
import type { Measurement } from '../../src/verify/observation.ts'
import { differences } from '../support/differences.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'
import { allRows, planExample, runDown, runUp, tryAll } from './plan-run.ts'

/** A fresh database with the example's tables and rows. */
async function prepared(example: RecipeExample): Promise<Connection> {
  const database = await createDatabase()
  const connection = await database.connect()
  await connection.run(example.given)
  await connection.run(example.rows)
  return connection
}

/** The steps up to the first that declares that there is no way back. */
function walkable(migrations: readonly ParsedMigration[]): readonly ParsedMigration[] {
  const end = migrations.findIndex(({ down }) => down.kind === 'none')
  return end === -1 ? migrations : migrations.slice(0, end)
}

interface Claim {
  readonly lock: LockMode | 'none'
  readonly rewrites: boolean
  readonly scans: boolean
}

/** The strongest lock on any table, and whether any was written anew or read. */
function claimOf({ tables }: Measurement): Claim {
  const locks = tables.flatMap(({ lock }) => (lock === 'none' || lock === 'not observed' ? [] : [lock]))
  return {
    lock: locks.length === 0 ? 'none' : locks.reduce(strongerLock),
    rewrites: tables.some(({ rewritten }) => rewritten),
    scans: tables.some(({ scanned }) => scanned),
  }
}

const isContract = (migration: ParsedMigration): boolean => migration.declaredPhase === 'contract'

for (const recipe of recipes) {
  describe(recipe.id, () => {
    test('has at least three examples', () => {
      expect(recipe.examples.length).toBeGreaterThanOrEqual(3)
    })

    for (const example of recipe.examples) {
      describe(example.change, () => {
        test('ends in the same schema and rows as the one-shot change', async () => {
          const { migrations } = await planExample(example, serverMajor())
          const [direct, planned] = await Promise.all([prepared(example), prepared(example)])
          await direct.run(example.change)
          for (const migration of migrations) await runUp(planned, migration)
          expect(differences(await fingerprint(direct), await fingerprint(planned))).toEqual([])
          expect(await allRows(planned)).toEqual(await allRows(direct))
        })

        test('either version works from its release to its end', async () => {
          const { migrations } = await planExample(example, serverMajor())
          const connection = await prepared(example)
          const counted = [migrations, example.oldQueries, example.newQueries].map(({ length }) => length > 0)
          expect(counted).toEqual([true, true, true])
          await tryAll(connection, example.oldQueries)
          for (const migration of migrations) {
            const released = migrations.indexOf(migration) > migrations.findIndex((one) => one.backfill !== undefined)
            await runUp(connection, migration)
            if (!isContract(migration)) await tryAll(connection, example.oldQueries)
            if (released) await tryAll(connection, example.newQueries)
          }
          await tryAll(connection, example.newQueries)
        })

        test('each step walks back', async () => {
          const planned = await planExample(example, serverMajor())
          const migrations = walkable(planned.migrations)
          const connection = await prepared(example)
          const rows = await allRows(connection)
          const seen: Record<string, readonly string[]> = {}
          for (const migration of migrations) {
            const before = await fingerprint(connection)
            await runUp(connection, migration)
            const after = await fingerprint(connection)
            await runDown(connection, migration)
            const back = differences(before, await fingerprint(connection))
            await runUp(connection, migration)
            seen[migration.name] = [...back, ...differences(after, await fingerprint(connection))]
          }
          expect(seen).toEqual(Object.fromEntries(migrations.map(({ name }) => [name, []])))
          for (const migration of migrations.toReversed()) await runDown(connection, migration)
          expect(await allRows(connection)).toEqual(rows)
        })

        test('each step locks what it says, and for no longer', async () => {
          const { plan, migrations } = await planExample(example, serverMajor())
          const database = await createDatabase()
          const connection = await database.connect()
          await connection.run(`${example.given}\n${example.rows}`)
          const steps = plan.steps.filter((step) => step.kind !== 'deploy')
          const [claimed, measured]: [Record<string, Claim>, Record<string, Claim>] = [{}, {}]
          for (const [index, migration] of migrations.entries()) {
            const step = steps[index]
            if (step?.kind !== 'sql') await runUp(connection, migration)
            else {
              claimed[step.id] = { lock: step.lock, rewrites: step.holds === 'rewrite', scans: step.holds === 'scan' }
              const statements = migration.upSql.statements.map(({ sql }) => sql)
              const sql = step.transaction ? migration.up.sql : statements
              measured[step.id] = claimOf(
                await measure(connection, sql, { transaction: step.transaction, connect: database.connect }),
              )
            }
          }
          expect(measured).toEqual(claimed)
        })

        test('our own linter has nothing to say', async () => {
          const { given, migrations } = await planExample(example, serverMajor())
          const report = lint({
            history: [given, ...migrations],
            report: new Set(migrations.map(({ id }) => id)),
            // What is asked unless somebody configures more.
            rules: rules.filter(({ preset = 'recommended' }) => preset === 'recommended'),
            dialect: postgres,
            target: serverMajor(),
          })
          const said = report.findings.map(({ rule, file, message }) => `${file.path}: ${rule}: ${message}`)
          expect(said).toEqual([])
        })
      })
    }
  })
}
