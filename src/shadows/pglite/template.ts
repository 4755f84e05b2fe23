import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parseJson, textField } from '../../core/json.ts'
import { createPglite } from '../../db/pglite.ts'
import { sweepUnfinished, unfinishedName } from '../unfinished.ts'

/**
 * The data directory of an empty embedded database. Creating one takes four seconds, loading it from here half a
 * second; so it is dumped once for each version of the package and kept in the cache.
 */
export async function loadTemplate(cacheDirectory: string): Promise<Blob> {
  const file = join(cacheDirectory, `pglite-${await packageVersion()}.tar`)
  const kept = await readFile(file).catch(() => undefined)
  if (kept !== undefined) return new Blob([kept])
  const instance = await createPglite()
  const dump = await instance.dumpDataDir('none')
  await instance.close()
  await keep(file, dump)
  return dump
}

async function packageVersion(): Promise<string> {
  const file = join(createRequire(import.meta.url).resolve('@electric-sql/pglite'), '../../package.json')
  return textField(parseJson(await readFile(file, 'utf8')), 'version') ?? 'unknown'
}

/** Written beside its place and renamed, so that nobody reads half of it. A cache that cannot be written costs only time. */
async function keep(file: string, dump: Blob): Promise<void> {
  const building = unfinishedName(file)
  try {
    await mkdir(join(file, '..'), { recursive: true })
    await sweepUnfinished(file)
    await writeFile(building, Buffer.from(await dump.arrayBuffer()))
    await rename(building, file)
  } catch {
    await rm(building, { force: true })
  }
}
