import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { eventually } from '../support/child-run.ts'
import { directory, migrate } from '../support/cli.ts'
import { ownServer } from '../support/own-server.ts'
import { type EndlessRun, endlessVerify, shortHistory } from '../support/verify-run.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGKILL: null }

/** The directory and the process of the server that a process has started; undefined until it runs. */
function serverOf(pid: number): { readonly directory: string; readonly server: number } | undefined {
  for (const place of new Set(['/dev/shm', tmpdir(), '/tmp'])) {
    const names = existsSync(place) ? readdirSync(place).filter((name) => name.startsWith('lockstep-')) : []
    const name = names.find((one) => textOf(join(place, one, 'owner')).split(' ')[2] === String(pid))
    if (name === undefined) continue
    const server = Number(textOf(join(place, name, 'data/postmaster.pid')).split('\n')[0])
    if (server > 0) return { directory: join(place, name), server }
  }
  return undefined
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function verifying(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<EndlessRun> {
  const run = await endlessVerify(args, env)
  onTestFinished(() => run.signal('SIGKILL'))
  return run
}

describe('local: no server and no directory is left', () => {
  test.each(signals)('%s', async (signal) => {
    const run = await verifying(['--shadow', 'local'])
    const { directory: place, server } = (await eventually(
      async () => serverOf(run.pid),
      (found) => found !== undefined,
    )) ?? { directory: '', server: 0 }
    const during = [existsSync(place), runs(server)]
    run.signal(signal)
    const { code } = await run.ended
    await expect.poll(() => [existsSync(place), runs(server)], { timeout: 20_000 }).toEqual([false, false])
    expect([during, code]).toEqual([[true, true], exitCodes[signal]])
  })
})

describe('url: no database is left', () => {
  const databases = async (url: string): Promise<readonly string[]> => {
    const connection = await connect(url)
    const { rows } = await connection.query<{ name: string }>(
      `select datname::text as name from pg_database where datname like 'migrate_shadow%'`,
    )
    await connection.close()
    return rows.map(({ name }) => name)
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('%s', async (signal) => {
    const url = (await ownServer(async () => {})).url()
    const run = await verifying(['--shadow-url', url])
    await eventually(
      () => databases(url),
      (found) => found.length > 0,
    )
    run.signal(signal)
    const { code, stderr } = await run.ended
    expect([code, await databases(url)]).toEqual([exitCodes[signal], []])
    expect(stderr).toContain('Only scratch databases were touched, and they are removed.')
  })

  test('SIGKILL: the next run drops it, and not that of a run that lives', async () => {
    const url = (await ownServer(async () => {})).url()
    const [killed, living] = [await verifying(['--shadow-url', url]), await verifying(['--shadow-url', url])]
    const both = await eventually(
      () => databases(url),
      (found) => found.length === 2,
    )
    killed.signal('SIGKILL')
    await killed.ended
    const next = await migrate(['verify', '--all', '--shadow-url', url], { cwd: await directory(shortHistory) })
    const left = await databases(url)
    living.signal('SIGINT')
    await living.ended
    expect([next.code, left.length, both.includes(left[0] ?? ''), await databases(url)]).toEqual([0, 1, true, []])
  })
})
