import { spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sweep } from '../../src/shadows/local/leftovers.ts'
import { ownerName } from '../../src/shadows/owner.ts'
import { sweepUnfinished, unfinishedName } from '../../src/shadows/unfinished.ts'
import { serverMajor } from '../support/postgres.ts'
import { shadowOptions } from '../support/shadow.ts'

const root = join(import.meta.dirname, '../..')
const hourMs = 3_600_000

function place(): string {
  const made = mkdtempSync(join(tmpdir(), 'leftovers-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** The name of a process on this machine that has ended. */
function nameOfEnded(): string {
  const [host, namespace] = ownerName().split(' ')
  return [host, namespace, spawnSync(process.execPath, ['--version']).pid, '1'].join(' ')
}

test('directories whose process is gone are removed; those of living ones, of others and of nobody known are not', async () => {
  const here = place()
  const make = (name: string, owner: string | undefined, ageMs = 0): void => {
    mkdirSync(join(here, name))
    if (owner !== undefined) writeFileSync(join(here, name, 'owner'), owner)
    const at = new Date(Date.now() - ageMs)
    utimesSync(join(here, name), at, at)
  }
  make('lockstep-gone00', nameOfEnded())
  make('lockstep-alive0', ownerName(), 2 * hourMs)
  make('lockstep-other0', nameOfEnded().replace(/^\S+/, 'elsewhere'), 2 * hourMs)
  make('lockstep-fresh0', undefined)
  make('lockstep-old000', undefined, 2 * hourMs)
  make('lockstep-not-ours', nameOfEnded())
  await sweep(here)
  expect(readdirSync(here).toSorted()).toEqual([
    'lockstep-alive0',
    'lockstep-fresh0',
    'lockstep-not-ours',
    'lockstep-other0',
  ])
})

test('what a killed process was preparing for the cache is removed, and what a living one is preparing is not', async () => {
  const template = join(place(), 'postgres-18.4')
  const own = unfinishedName(template)
  const left = [template, Buffer.from(nameOfEnded()).toString('base64url'), 'id'].join('.')
  for (const path of [template, own, left]) writeFileSync(path, '')
  await sweepUnfinished(template)
  expect([template, own, left].map((path) => existsSync(path))).toEqual([true, true, false])
})

test('a server whose watch was killed along with its process is ended by the next run', async () => {
  const script = join(root, 'test/shadows/own-process.ts')
  const words = ['--import', 'tsx', script, shadowOptions.cacheDirectory, String(serverMajor())]
  const child = spawn(process.execPath, words, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise<string>((resolve) => child.stdout.setEncoding('utf8').once('data', resolve))
  const directory = new URL(url.trim()).searchParams.get('host') ?? ''
  const server = Number(readFileSync(join(directory, 'data/postmaster.pid'), 'utf8').split('\n')[0])
  const [, watch] = /\) \S (\d+)/.exec(readFileSync(`/proc/${server}/stat`, 'utf8')) ?? []
  process.kill(Number(watch), 'SIGKILL')
  child.kill('SIGKILL')
  await new Promise((resolve) => child.on('close', resolve))
  const during = [existsSync(directory), runs(server)]
  await sweep(dirname(directory))
  await expect.poll(() => [existsSync(directory), runs(server)], { timeout: 20_000 }).toEqual([false, false])
  expect(during).toEqual([true, true])
})

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
