import { randomUUID } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isGone, ownerName } from './owner.ts'

/** Beside `path`, which it is renamed to when it is whole: so nobody ever reads half of it. */
export function unfinishedName(path: string): string {
  return `${path}.${Buffer.from(ownerName()).toString('base64url')}.${randomUUID()}`
}

/** Removes what processes that are gone were preparing for `path` when they were killed. */
export async function sweepUnfinished(path: string): Promise<void> {
  const start = `${basename(path)}.`
  const names = await readdir(dirname(path)).catch(() => [])
  for (const name of names.filter((one) => one.startsWith(start))) {
    const [owner = '', id] = name.slice(start.length).split('.')
    if (id === undefined || !isGone(Buffer.from(owner, 'base64url').toString())) continue
    await rm(join(dirname(path), name), { recursive: true, force: true })
  }
}
