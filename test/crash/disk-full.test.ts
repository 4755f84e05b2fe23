import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import type { Connection } from '../../src/model/database.ts'
import { type CliResult, directory, migrate } from '../support/cli.ts'
import { type OwnServer, ownServer } from '../support/own-server.ts'
import { journalRows } from '../support/run.ts'

const spaceMiB = 8

/**
 * A server with a file system of a few MiB, which only it sees: in namespaces of its own a user may mount one without
 * any rights. Where the kernel forbids that, the server does not start, and the test fails with its words.
 */
const withSmallSpace = `
mount -t tmpfs -o size=${spaceMiB}m,mode=0700 tmpfs "$PWD/space" &&
  exec unshare --user --map-user=65534 --map-group=65534 "$postgres" "$@"
`

async function serverWithSmallSpace(): Promise<OwnServer> {
  const again = `[ -n "$MOUNTS" ] || MOUNTS=yes exec unshare --user --map-root-user --mount "$0" "$@"`
  let space = ''
  const server = await ownServer(async (data) => {
    space = join(data, '../space')
    await mkdir(space)
  }, `${again}\n${withSmallSpace}`)
  await server.run(`create tablespace small location '${space}'`)
  return server
}

/** Fills the space up, but for less than a table needs. */
async function fill(session: Connection): Promise<void> {
  await session.run('create table ballast (filler text) tablespace small')
  const full = await session
    .run(`do $$ begin loop insert into ballast select repeat('x', 7000); commit; end loop; end $$`)
    .catch((error: unknown) => String(error))
  expect(full).toContain('No space left on device')
}

const wide = `select g as id, repeat('x', 100) as filler from generate_series(1, 5000) g`

const kinds: readonly {
  readonly name: string
  readonly sql: string
  readonly exit: number
  readonly steps: readonly string[]
}[] = [
  {
    name: 'a migration in a transaction',
    sql: `-- migrate:up\ncreate table wide tablespace small as ${wide};\n-- migrate:down\ndrop table wide;\n`,
    exit: 1,
    steps: ['2 up 0 rolled-back 53100'],
  },
  {
    name: 'an index that is built concurrently',
    sql: `-- migrate:up\ncreate index concurrently wide on books (id, filler) tablespace small;\n-- migrate:down\ndrop index concurrently wide;\n`,
    exit: 1,
    steps: ['2 up 0 intent', '2 up 0 rolled-back 53100'],
  },
  {
    name: 'a backfill',
    sql: `-- migrate:up\n-- migrate:backfill table:books key:id\ninsert into wide select id, filler from books;\n-- migrate:down none because it is a copy\n`,
    exit: 8,
    steps: ['2 up rolled-back 53100'],
  },
]

test.for(kinds)(
  'P11: the disk is full: $name says so, leaves a readable state, and is done when there is room',
  async ({ sql, exit, steps }) => {
    const server = await serverWithSmallSpace()
    const session = await connect(server.url())
    const cwd = await directory({
      'migrations/1_books.sql': `-- migrate:up\ncreate table books as ${wide};\nalter table books add primary key (id);\n-- migrate:down\ndrop table books;\n`,
      'migrations/2_wide.sql': sql,
    })
    const run = (...words: readonly string[]): Promise<CliResult> =>
      migrate(words, { cwd, env: { DATABASE_URL: server.url() } })
    expect((await run('up', '1')).code).toBe(0)
    if (sql.includes('insert into wide')) await session.run('create table wide (id int, filler text) tablespace small')
    await fill(session)
    const failed = await run('up')
    expect({ code: failed.code, says: failed.stderr.includes('No space left on device') }).toEqual({
      code: exit,
      says: true,
    })
    expect((await journalRows(session)).steps.filter((step) => step.startsWith('2 '))).toEqual(steps)
    expect((await run('status')).code).toBe(0)
    await session.run('drop table ballast; checkpoint')
    expect((await run('up')).code).toBe(0)
    const { rows } = await session.query(
      `select (select array_agg(id order by position) from migrate.migration) as applied,
            (select count(*)::int from pg_index where not indisvalid) as invalid,
            case relkind when 'r' then (xpath('/row/n/text()', query_to_xml('select count(*) as n from wide', false, true, '')))[1]::text
              else '5000' end as rows
       from pg_class where oid = 'wide'::regclass`,
    )
    expect(rows).toEqual([{ applied: ['1', '2'], invalid: 0, rows: '5000' }])
    await session.close()
  },
)
