import { join } from 'node:path'
import { expect, test } from 'vitest'
import { directory, migrate } from '../support/cli.ts'
import { embeddedTimeoutMs } from '../support/embedded.ts'

const books = '-- migrate:up\ncreate table books (id bigint primary key);\n\n-- migrate:down\ndrop table books;\n'
const title =
  '-- migrate:up\nalter table books add column title text;\n\n-- migrate:down\nalter table books drop column title;\n'

test(
  'without any server: verify, apply, look and go back on the embedded database',
  { timeout: embeddedTimeoutMs },
  async () => {
    const cwd = await directory({
      'migrations/20260101000000_books.sql': books,
      'migrations/20260102000000_title.sql': title,
    })
    const run = async (
      ...args: readonly string[]
    ): Promise<{ readonly code: number | null; readonly last: string }> => {
      const { code, stdout, stderr } = await migrate(args, { cwd })
      return { code, last: (stdout + (code === 0 ? '' : stderr)).trimEnd().split('\n').at(-1) ?? '' }
    }
    const url = `pglite://${join(cwd, 'data')}`

    expect(await run('verify', '--shadow', 'pglite')).toEqual({ code: 0, last: 'Wrote 2 proofs to migrations/proofs.' })
    expect(await run('up', '--safe', '--url', 'pglite://memory')).toEqual({ code: 0, last: '2 migrations applied.' })
    expect(await run('up', '--safe', '--url', url)).toEqual({ code: 0, last: '2 migrations applied.' })
    expect(await run('down', '--url', url)).toEqual({ code: 0, last: '1 migration reverted.' })
    expect(await run('status', '--exit-code', '--url', url)).toEqual({ code: 3, last: '1 applied, 1 pending.' })
  },
)
