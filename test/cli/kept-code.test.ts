import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { codeFile } from '../../src/cli/start/code-place.ts'
import { KeptCode } from '../../src/cli/start/kept-code.ts'
import { loadKept } from '../../src/cli/start/load-kept.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-code-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const required = createRequire(import.meta.url)
const { cache } = required

/** A program of two files, one of which asks for the other. */
function program(name: string): { readonly entry: string; readonly part: string; readonly kept: string } {
  const directory = join(folder, name)
  mkdirSync(directory)
  const entry = join(directory, 'enter.cjs')
  const part = join(directory, 'part.cjs')
  writeFileSync(entry, `exports.said = require('./part.cjs').say() + require('node:path').sep\n`)
  writeFileSync(part, `exports.say = () => 'one'\n`)
  return { entry, part, kept: join(directory, 'code') }
}

/** One run: what the program says, and whether code was written afterwards. */
function run({ entry, part, kept }: ReturnType<typeof program>): { readonly said: unknown; readonly wrote: boolean } {
  const written = (): number | undefined => (existsSync(kept) ? statSync(kept).ino : undefined)
  const before = written()
  delete cache[entry]
  delete cache[part]
  const code = new KeptCode({ write: kept, read: [kept] })
  loadKept(entry, code)
  code.keep()
  return { said: cache[entry]?.exports.said, wrote: written() !== before }
}

const one = `one${join('a', 'b')[1]}`

test('what was compiled is kept, and taken the next time', () => {
  const files = program('again')
  expect([run(files), run(files)]).toEqual([
    { said: one, wrote: true },
    { said: one, wrote: false },
  ])
})

test('whoever else asks for a file gets the one that runs', () => {
  const files = program('same')
  run(files)
  run(files)
  const parts: readonly string[] = [files.entry, files.part]
  expect(parts.map((file) => required(file) === cache[file]?.exports)).toEqual([true, true])
  expect(required(files.entry)).toEqual({ said: one })
})

test('a file of the same length with another text is compiled anew', () => {
  const files = program('changed')
  run(files)
  writeFileSync(files.part, `exports.say = () => 'two'\n`)
  const two = one.replace('one', 'two')
  expect([run(files), run(files)]).toEqual([
    { said: two, wrote: true },
    { said: two, wrote: false },
  ])
})

test('code that was damaged anywhere, or cut off, is not run', () => {
  const files = program('damaged')
  run(files)
  const whole = readFileSync(files.kept)
  // Every byte of the start, and some of V8's.
  const places = Array.from(whole.keys()).filter((at) => at < 200 || at % 101 === 0)
  const damaged = places.map((at) => {
    const bytes = Buffer.from(whole)
    bytes[at] = (bytes[at] ?? 0) ^ 0x41
    return bytes
  })
  const cut = [0, 3, 7, 8, 20, whole.length >> 1, whole.length - 1].map((length) => whole.subarray(0, length))
  const seen = [...damaged, ...cut].map((bytes) => {
    writeFileSync(files.kept, bytes)
    return run(files)
  })
  expect(new Set(seen.map((one) => JSON.stringify(one)))).toEqual(new Set([JSON.stringify({ said: one, wrote: true })]))
})

test('a file that others may write is not run', () => {
  const files = program('open')
  run(files)
  chmodSync(files.kept, 0o666)
  // Windows knows no such thing.
  expect(run(files)).toEqual({ said: one, wrote: process.platform !== 'win32' })
})

test('where nothing can be written the program runs all the same', () => {
  const files = program('closed')
  writeFileSync(join(folder, 'no-directory'), '')
  const kept = join(folder, 'no-directory/code')
  expect([run({ ...files, kept }), run({ ...files, kept })]).toEqual([
    { said: one, wrote: false },
    { said: one, wrote: false },
  ])
})

test('code lies beside the package, for each command; else in the cache of the user, or where an administrator left it', () => {
  const places = (chunks: string, command: string | undefined) =>
    codeFile({ chunks, command, env: { XDG_CACHE_HOME: join(folder, 'home') } })
  const name = (path: string): string => path.slice(folder.length).replaceAll('\\', '/').replaceAll(/\d+/g, 'N')
  const installed = join(folder, 'project/node_modules/lockstep/dist/chunks')
  mkdirSync(installed, { recursive: true })
  const clone = join(folder, 'clone/dist/chunks')
  mkdirSync(clone, { recursive: true })
  // A file where the directory would be is as little writable to an administrator, who may run this.
  const closed = join(folder, 'closed-project/node_modules/lockstep/dist/chunks')
  mkdirSync(closed, { recursive: true })
  writeFileSync(join(folder, 'closed-project/node_modules/.cache'), '')
  expect({
    installed: name(places(installed, 'lint').write),
    clone: name(places(clone, '../x').write),
    closed: places(closed, 'up').read.map(name),
  }).toEqual({
    installed: '/project/node_modules/.cache/lockstep/code-lint-N-N',
    clone: '/clone/node_modules/.cache/lockstep/code-any-N-N',
    closed: ['/home/lockstep/code-up-N-N', '/closed-project/node_modules/.cache/lockstep/code-up-N-N'],
  })
})
