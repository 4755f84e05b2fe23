import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { array, assert, boolean, constantFrom, integer, property, record, uint8Array } from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Cache } from '../../src/app/cache/cache.ts'
import { Damaged } from '../../src/app/cache/segment.ts'
import { directory, migrate } from '../support/cli.ts'

/** How the files of a cache begin, in a folder of its own. */
function cacheStart(): { readonly start: string; readonly folder: string; files(): readonly string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-cache-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return { start: join(folder, 'lint'), folder, files: () => readdirSync(folder).map((name) => join(folder, name)) }
}

/** Adds these values as one run does. */
function add(start: string, values: Readonly<Record<string, string | Buffer>>): void {
  const cache = new Cache(start)
  for (const [key, value] of Object.entries(values)) cache.set(key, value)
  cache.save()
  cache.close()
}

/** What a run is told; `damaged` where it is told that a file is. */
function told(start: string, keys: readonly string[]): readonly (string | undefined)[] {
  const cache = new Cache(start)
  const values = keys.map((key) => {
    try {
      const value = cache.get(key)
      expect(cache.has(key)).toBe(value !== undefined)
      return value?.toString('latin1')
    } catch (error) {
      if (error instanceof Damaged) return 'damaged'
      throw error
    }
  })
  cache.close()
  return values
}

describe('the files of a cache', () => {
  test('give back what was put in, and keep what nobody asked for', () => {
    const { start } = cacheStart()
    add(start, { a: 'A\n', b: Buffer.from([0, 255]) })
    add(start, { c: '' })
    expect(told(start, ['a', 'b', 'c', 'd'])).toEqual(['A\n', '\0\u00ff', '', undefined])
  })

  test('hold all that many runs found out, and stay few', () => {
    const { start, files } = cacheStart()
    const keys = Array.from({ length: 100 }, (_, index) => `key ${index}`)
    add(start, { large: 'x'.repeat(1_000_000) })
    const large = files()
    for (const key of keys) add(start, { [key]: `${key}:`.repeat(50) })
    expect(told(start, keys)).toEqual(keys.map((key) => `${key}:`.repeat(50)))
    expect(files().length).toBeLessThan(8)
    // What is large is not copied for what is small.
    expect(files()).toEqual(expect.arrayContaining([...large]))
  })

  test('of two runs at once are all there', () => {
    const { start } = cacheStart()
    add(start, { before: '0' })
    const [one, other] = [new Cache(start), new Cache(start)]
    one.set('one', '1')
    other.set('other', '2')
    other.set('one', '1')
    one.save()
    // Its file may be gone by now.
    expect(other.get('before')?.toString()).toBe('0')
    other.save()
    for (const cache of [one, other]) cache.close()
    expect(told(start, ['before', 'one', 'other'])).toEqual(['0', '1', '2'])
  })

  test('are alone in their folder, but for what another run is writing', () => {
    const { start, folder } = cacheStart()
    writeFileSync(`${start}-of-another-version`, '')
    writeFileSync(`${start}-0000000000000000.new`, '')
    writeFileSync(`${start}-1111111111111111.new`, '')
    utimesSync(`${start}-1111111111111111.new`, 1, 1)
    add(start, { a: 'A' })
    const names = readdirSync(folder).map((name) => name.replace(/-[0-9a-f]{16}$/, ''))
    expect(names.toSorted()).toEqual(['lint', 'lint-0000000000000000.new'])
  })

  test('in a folder that cannot be written do no harm', () => {
    const { start, folder } = cacheStart()
    writeFileSync(join(folder, 'plain'), '')
    const cache = new Cache(join(folder, 'plain', start))
    cache.set('a', 'b')
    expect(() => cache.save()).not.toThrow()
    expect(cache.get('a')).toEqual(Buffer.from('b'))
  })
})

describe('files that hold something else than what was written', () => {
  const values = { a: 'first', b: 'second '.repeat(40), c: '' }

  /** Writes `values`, breaks the bytes of the file and tells what the next run is told. */
  function toldAfter(change: (bytes: Buffer) => Buffer | Uint8Array): Readonly<Record<string, string | undefined>> {
    const { start, files, folder } = cacheStart()
    add(start, values)
    const [file = ''] = files()
    writeFileSync(file, change(readFileSync(file)))
    const answers = told(start, Object.keys(values))
    rmSync(folder, { recursive: true, force: true })
    return Object.fromEntries(Object.keys(values).map((key, index) => [key, answers[index]]))
  }

  function expectNothingWrong(answers: Readonly<Record<string, string | undefined>>): void {
    for (const [key, value] of Object.entries(values)) expect([value, undefined, 'damaged']).toContain(answers[key])
  }

  test('are none where they were cut off', () => {
    assert(
      property(integer({ min: 0, max: 2000 }), (length) => {
        const answers = toldAfter((bytes) => bytes.subarray(0, Math.min(length, bytes.length - 1)))
        expect(answers).toEqual({ a: undefined, b: undefined, c: undefined })
      }),
    )
  })

  test('never give another value, whichever bytes are others', () => {
    const changes = array(record({ at: integer({ min: 0, max: 1000 }), byte: integer({ min: 0, max: 255 }) }), {
      minLength: 1,
      maxLength: 4,
    })
    assert(
      property(changes, boolean(), (all, grows) => {
        const answers = toldAfter((bytes) => {
          for (const { at, byte } of all) bytes[at % bytes.length] = byte
          return grows ? Buffer.concat([bytes, Buffer.from('more')]) : bytes
        })
        expectNothingWrong(answers)
      }),
      { numRuns: 500 },
    )
  })

  test('never give a value where they are random', () => {
    const start = constantFrom('', 'lockstep-cache-2 ', 'lockstep-cache-2 2 ', 'lockstep-cache-2 9999999999 1')
    assert(
      property(start, uint8Array({ maxLength: 300 }), (text, bytes) => {
        expect(toldAfter(() => Buffer.concat([Buffer.from(text), bytes]))).toEqual({
          a: undefined,
          b: undefined,
          c: undefined,
        })
      }),
      { numRuns: 300 },
    )
  })
})

test('the command says the same whatever happened to its cache, and mends it', async () => {
  const cwd = await directory({
    'node_modules/.keep': '',
    'db/1.sql': 'create table books (id bigint primary key, title text);\n',
    'db/2.sql': 'create index on books (title);\n',
    'db/3.sql': 'alter table books drop column title;\n',
  })
  const lint = (...words: readonly string[]): ReturnType<typeof migrate> =>
    migrate(['lint', '--no-config', '--layout', 'plain', 'db', ...words], { cwd })
  const expected = await lint('--no-cache')
  const folder = join(cwd, 'node_modules/.cache/lockstep')
  expect(expected.stdout).toContain('create-index-without-concurrently')
  expect(await lint()).toEqual(expected)
  const [name = ''] = readdirSync(folder)
  const whole = readFileSync(join(folder, name))
  for (const part of [0.05, 0.5, 0.75, 0.95, 0.999]) {
    const bytes = Buffer.from(whole)
    const at = Math.floor(part * bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    for (const file of readdirSync(folder)) rmSync(join(folder, file))
    writeFileSync(join(folder, name), bytes)
    for (const _again of [1, 2, 3]) expect(await lint()).toEqual(expected)
  }
})
