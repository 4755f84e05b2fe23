import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createToolkit, type Toolkit } from '../../src/app/toolkit.ts'
import { silentLog } from '../../src/core/log.ts'
import { directory } from '../support/cli.ts'
import { refusalOf } from '../support/run.ts'

const style = { color: false, width: 80 }

async function shop(tree: string): Promise<string> {
  const cwd = await directory({})
  await cp(join(import.meta.dirname, '../layouts/trees', tree), cwd, { recursive: true })
  return cwd
}

function toolkit(cwd: string, said: string[] = []): Promise<Toolkit> {
  const log = { ...silentLog, info: (_: object, message: string) => void said.push(message) }
  return createToolkit({ cwd, env: {}, config: false, log })
}

test('lint finds the directory of the tool and says which it took', async () => {
  const said: string[] = []
  const answer = await (await toolkit(await shop('prisma'), said)).lint({ paths: [] })
  expect(answer.exit).toBe('no')
  expect(answer.text(style)).toContain('prisma/migrations/20240303080000_required/migration.sql:2:20')
  expect(said).toEqual(['there is no directory "migrations"; took "prisma/migrations"'])
})

test('what is to be written instead is in the tool’s words', async () => {
  const insteads = async (tree: string): Promise<readonly string[]> => {
    const answer = await (await toolkit(await shop(tree))).lint({ paths: [] })
    const findings: unknown = Reflect.get(Object(answer.json), 'findings')
    if (!Array.isArray(findings)) throw new Error('there are no findings')
    return findings.flatMap((finding: unknown) => {
      const field = (name: string): unknown => Reflect.get(Object(finding), name)
      return /^(concurrently-in|create-index-without|missing-down)/.test(String(field('rule')))
        ? String(field('instead'))
        : []
    })
  }
  expect(await insteads('goose')).toMatchInlineSnapshot(`
    [
      "-- +goose Down
    <what takes the upgrade back>

    -- or, where nothing can:
    -- migrate:allow-file missing-down because <reason>",
      "-- in a migration of its own:
    -- +goose NO TRANSACTION
    CREATE INDEX concurrently parcels_id_idx ON parcels (id);",
      "-- +goose Down
    <what takes the upgrade back>

    -- or, where nothing can:
    -- migrate:allow-file missing-down because <reason>",
    ]
  `)
  expect(await insteads('prisma')).toMatchInlineSnapshot(`
    [
      "-- in a migration of its own, with this one statement:
    CREATE INDEX CONCURRENTLY "User_id_email_idx" ON "User"("id", "email");",
    ]
  `)
})

test('up, down and status refuse what another tool has to run', async () => {
  const tools = await toolkit(await shop('goose'))
  const refused = await Promise.all([
    refusalOf(tools.up({ safe: false, dryRun: true, onEvent: () => undefined })),
    refusalOf(tools.status({ exitCode: false })),
  ])
  expect(refused.map(({ code, message }) => ({ code, message }))).toEqual(
    Array.from({ length: 2 }, () => ({
      code: 'layout-not-run',
      message: 'These are migrations of goose, which this program reads but does not run. Nothing was done.',
    })),
  )
})

test('a plan is not written into a directory of another tool', async () => {
  const tools = await toolkit(await shop('goose'))
  const sql = 'alter table parcels alter column id set not null'
  const { code } = await refusalOf(tools.plan({ paths: [], sql, write: true, markdown: false }))
  expect(code).toBe('layout-not-run')
})

test('verify runs the downgrades of another tool, and writes nothing beside them', { timeout: 120_000 }, async () => {
  const cwd = await directory({
    'migrations/1_a.up.sql': 'create table a (id bigint primary key);',
    'migrations/1_a.down.sql': 'drop table a;',
    'go.mod': 'require github.com/golang-migrate/migrate/v4 v4.17.0',
  })
  const answer = await (
    await toolkit(cwd)
  ).verify({ migrations: [], all: true, shadow: 'pglite', write: true, onProgress: () => undefined })
  expect(answer.exit).toBe('ok')
  expect(Reflect.get(Object(answer.json), 'written')).toEqual([])
})

test('a file named with ./ before it finds what lies beside it', async () => {
  const cwd = await shop('sqitch')
  const lint = async (path: string): Promise<string> => {
    const answer = await (await toolkit(cwd)).lint({ paths: [path] })
    return answer.text(style)
  }
  expect(await lint('./deploy/reports/count.sql')).toContain('deploy/reports/count.sql:2:1')
  expect(await lint('./deploy/reports/count.sql')).toBe(await lint('deploy/reports/count.sql'))
})
