import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'
import { parseJson, textField } from '../core/json.ts'
import { asJson } from '../core/own-data.ts'
import type { Store } from '../core/store.ts'

/**
 * What earlier runs found out, in one file of one program version. A file that is damaged, or of another version, is
 * as good as none; it is replaced as a whole, so that two runs at once never mix.
 */
export class Cache implements Store {
  private readonly file: string
  private readonly old: ReadonlyMap<string, Buffer>
  private readonly used: Map<string, Buffer> = new Map()
  private changed = false

  constructor(file: string) {
    this.file = file
    this.old = readEntries(file)
  }

  has(key: string): boolean {
    return this.used.has(key) || this.old.has(key)
  }

  get(key: string): Buffer | undefined {
    const value = this.used.get(key) ?? this.old.get(key)
    if (value !== undefined) this.used.set(key, value)
    return value
  }

  set(key: string, value: string | Buffer): void {
    this.used.set(key, Buffer.from(value))
    this.changed = true
  }

  /** Writes what is new. Not being able to is no error: the next run works it out again. */
  save(): void {
    if (!this.changed) return
    const entries = new Map([...this.used, ...this.kept()])
    const folder = dirname(this.file)
    const temporary = `${this.file}.${randomBytes(6).toString('hex')}`
    try {
      mkdirSync(folder, { recursive: true })
      writeFileSync(temporary, fileOf(entries))
      renameSync(temporary, this.file)
      // Nobody asks for what another version of the program found out.
      for (const name of readdirSync(folder))
        if (name !== basename(this.file)) rmSync(join(folder, name), { force: true })
    } catch {
      removeIfThere(temporary)
    }
  }

  /** What this run did not ask for stays while there is room: another branch may ask for it. */
  private kept(): readonly (readonly [string, Buffer])[] {
    const unused = [...this.old].filter(([key]) => !this.used.has(key))
    const size = [...this.used.values(), ...unused.map(([, value]) => value)].reduce(
      (sum, { length }) => sum + length,
      0,
    )
    return size <= maxBytes ? unused : []
  }
}

/** A history of 20,000 files needs less. */
const maxBytes = 512 * 1024 * 1024

/** Line 1: what it is and a checksum of the rest; line 2: keys and lengths as JSON; then the values. */
const magic = 'lockstep-cache-1'

type Index = readonly (readonly [string, number])[]
const index = asJson<Index>()

function fileOf(entries: ReadonlyMap<string, Buffer>): Buffer {
  const lengths: Index = [...entries].map(([key, { length }]) => [key, length])
  const body = Buffer.concat([Buffer.from(`${JSON.stringify(lengths)}\n`), ...entries.values()])
  return Buffer.concat([Buffer.from(`${magic} ${crc32(body)}\n`), body])
}

function readEntries(file: string): ReadonlyMap<string, Buffer> {
  const entries = new Map<string, Buffer>()
  const bytes = readIfThere(file)
  const bodyAt = bytes.indexOf('\n') + 1
  const body = bytes.subarray(bodyAt)
  if (bytes.toString('latin1', 0, bodyAt) !== `${magic} ${crc32(body)}\n`) return entries
  let at = body.indexOf('\n') + 1
  for (const [key, length] of index.unpack(body.subarray(0, at))) {
    entries.set(key, body.subarray(at, at + length))
    at += length
  }
  return entries
}

function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // A folder that is none has no file either.
  }
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    return Buffer.alloc(0)
  }
}

/**
 * Where what is found out about a project is kept: below its `node_modules`, as tools of that world do, else in the
 * user's cache folder. Undefined for a program that was not built, whose parts may change from run to run.
 */
export function cacheFile(root: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const stamp = stampOf()
  if (stamp === undefined) return undefined
  const modules = join(root, 'node_modules')
  const own = createHash('sha256').update(resolve(root)).digest('hex').slice(0, 16)
  const folder = existsSync(modules)
    ? join(modules, '.cache/lockstep')
    : join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'lockstep/lint', own)
  return join(folder, `lint-${stamp}`)
}

/** The hash over the built program, which `npm run build` leaves beside it. */
function stampOf(): string | undefined {
  const file = fileURLToPath(new URL('../stamp.json', import.meta.url))
  const text = readIfThere(file).toString('utf8')
  return text === '' ? undefined : textField(parseJson(text), 'stamp')
}
