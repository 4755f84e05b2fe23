import { randomBytes } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Store } from '../../core/store.ts'
import { Damaged, removeIfThere, Segment } from './segment.ts'

/**
 * What earlier runs found out, in a few files of one program version. A run writes what is new to a file of its own, so
 * that two runs at once never mix; small files become one now and then. A file that is not whole is as good as none.
 */
export class Cache implements Store {
  /** Files are called this, a hyphen and what tells them apart. */
  private readonly start: string
  private readonly segments: readonly Segment[]
  private readonly fresh: Map<string, Buffer> = new Map()
  private readonly used: Set<string> = new Set()

  constructor(start: string) {
    this.start = start
    this.segments = namesIn(dirname(start))
      .filter((name) => isSegment(name, basename(start)))
      .flatMap((name) => Segment.open(join(dirname(start), name)) ?? [])
      .toSorted((a, b) => a.size - b.size)
  }

  has(key: string): boolean {
    return this.fresh.has(key) || this.segments.some((segment) => segment.has(key))
  }

  /** @throws Damaged where a file holds something else than what was written to it */
  get(key: string): Buffer | undefined {
    const fresh = this.fresh.get(key)
    if (fresh !== undefined) return fresh
    const segment = this.segments.find((one) => one.has(key))
    if (segment !== undefined) this.used.add(key)
    return segment?.get(key)
  }

  set(key: string, value: string | Buffer): void {
    this.fresh.set(key, Buffer.from(value))
  }

  /** Writes what is new. Not being able to is no error: the next run works it out again. */
  save(): void {
    if (this.fresh.size === 0) return
    try {
      const joined = this.toJoin()
      Segment.write(`${this.start}-${randomBytes(8).toString('hex')}`, this.entries(joined))
      for (const { file } of joined) removeIfThere(file)
      removeLeftovers(this.start)
    } catch (error) {
      // Else the disk is full, or not ours to write to.
      if (error instanceof Damaged) removeIfThere(error.file)
    }
  }

  close(): void {
    for (const segment of this.segments) segment.close()
  }

  /** Forgets a file that turned out not to hold what was written to it. */
  static forget({ file }: Damaged): void {
    removeIfThere(file)
  }

  /**
   * Files that become one with what is new: those that are not much larger, so that a byte is copied a few times only and
   * there are never many files.
   */
  private toJoin(): readonly Segment[] {
    let size = sizeOf(this.fresh.values())
    if (size + this.segments.reduce((sum, segment) => sum + segment.size, 0) > maxBytes) return this.segments
    const joined: Segment[] = []
    for (const segment of this.segments) {
      if (segment.size > size * 2) break
      joined.push(segment)
      size += segment.size
    }
    return joined
  }

  /** What is new, and what these segments hold: what nobody asked for while there is room, for another branch may. */
  private entries(segments: readonly Segment[]): ReadonlyMap<string, Buffer> {
    const all = segments.reduce((sum, { size }) => sum + size, sizeOf(this.fresh.values()))
    const entries = new Map(this.fresh)
    for (const segment of segments) {
      for (const key of segment.keys()) {
        if (entries.has(key) || (all > maxBytes && !this.used.has(key))) continue
        const value = segment.get(key)
        if (value !== undefined) entries.set(key, value)
      }
    }
    return entries
  }
}

/** A history of 20,000 files needs less. */
const maxBytes = 512 * 1024 * 1024

function sizeOf(values: Iterable<Buffer>): number {
  let size = 0
  for (const { length } of values) size += length
  return size
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isSegment(name: string, start: string): boolean {
  return name.startsWith(`${start}-`) && /^[0-9a-f]{16}$/.test(name.slice(start.length + 1))
}

/** Milliseconds after which nobody is still writing a file. */
const writingTime = 3_600_000

/** Nobody asks for what another version of the program found out, or for what a run did not write to its end. */
function removeLeftovers(start: string): void {
  const folder = dirname(start)
  for (const name of readdirSync(folder)) {
    if (isSegment(name, basename(start))) continue
    const file = join(folder, name)
    if (!name.endsWith('.new') || Date.now() - statSync(file).mtimeMs > writingTime) removeIfThere(file)
  }
}
