import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readContract } from '../../src/capture/read-contract.ts'
import { directory, migrate } from '../support/cli.ts'
import { adminUrl } from '../support/postgres.ts'

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
}

/** Runs the application; a signal is sent as soon as it waits. */
function application(file: string, how: string, signal?: NodeJS.Signals): Promise<Ended> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'application.mjs'), file, how], {
    env: { ...process.env, APPLICATION_URL: adminUrl() },
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdout.on('data', () => signal !== undefined && child.kill(signal))
  return new Promise((resolve) => child.on('close', (code, by) => resolve({ code, signal: by, stderr })))
}

test('processes share a file, and it is whole however they end', async () => {
  const cwd = await directory({})
  const file = join(cwd, 'captured/hook.jsonl')
  const ended = await Promise.all([
    application(file, 'ends'),
    application(file, 'exit'),
    application(file, 'wait', 'SIGTERM'),
    application(file, 'wait', 'SIGINT'),
  ])
  expect(ended).toEqual([
    { code: 0, signal: null, stderr: '' },
    { code: 3, signal: null, stderr: '' },
    { code: null, signal: 'SIGTERM', stderr: '' },
    { code: null, signal: 'SIGINT', stderr: '' },
  ])
  const text = await readFile(file, 'utf8')
  expect(text.match(/of_everybody/g)).toHaveLength(4)
  expect(readContract(text, file).statements.map(({ sql }) => sql)).toEqual([
    'select $1::int as of_everybody',
    'select $1::text as ends',
    'select $1::text as exit',
    'select $1::text as wait',
  ])
})

test('a file that cannot be written is said once and is not the problem of the application', async () => {
  const cwd = await directory({ file: '' })
  const { code, stderr } = await application(join(cwd, 'file/hook.jsonl'), 'ends')
  expect({ code, warnings: stderr.match(/LockstepCapture: queries cannot be captured/g) }).toMatchObject({
    code: 0,
    warnings: { length: 1 },
  })
})

test('what hooks have written becomes the contract of the release', async () => {
  const header =
    '{"lockstep":"queries","version":1,"release":"7","migration":null,"role":null,"searchPath":null,"source":["hook"]}'
  const line = (sql: string): string => JSON.stringify({ sql, parameters: [{ type: null }], calls: null, from: 'hook' })
  const cwd = await directory({
    'a.jsonl': `${header}\n${line('select * from book where id = $1')}\n${line('copy book to stdout')}\n`,
    'b.jsonl': `${header}\n${line('select * from book where id = $1')}\n${line('delete from book where id = $1;')}\n`,
  })
  const { code, stdout, stderr } = await migrate(
    ['queries', 'capture', '--from-jsonl', '*.jsonl', '--role', 'shop', '--search-path', 'public'],
    { cwd },
  )
  expect({ code, stderr, stdout }).toMatchSnapshot('said')
  expect(await readFile(join(cwd, 'migrations/queries/7.jsonl'), 'utf8')).toMatchSnapshot('contract')
})
