import type { Extension, Extensions } from '@electric-sql/pglite'
import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { importFile } from '../../core/import-file.ts'

/** Extensions that are created along with another. */
const needs: Readonly<Record<string, readonly string[]>> = { earthdistance: ['cube'] }
/** Part of the server. */
const builtIn = 'plpgsql'

/** Names of the extensions that ship with @electric-sql/pglite, as CREATE EXTENSION takes them. */
export async function shippedExtensions(): Promise<ReadonlySet<string>> {
  const files = await readdir(contribDirectory()).catch(() => [])
  const names = files.filter((file) => file.endsWith('.js')).map((file) => nameOf(file.slice(0, -'.js'.length)))
  return new Set([builtIn, ...names])
}

/** Loads those that are asked for: an embedded database only has what it is given at its start. */
export async function loadExtensions(names: readonly string[] = []): Promise<Extensions> {
  const wanted = new Set(names.flatMap((name) => [name, ...(needs[name] ?? [])]))
  wanted.delete(builtIn)
  const loaded: Extensions = {}
  for (const name of wanted) {
    const key = name.replaceAll('-', '_')
    const module = await importFile(pathToFileURL(join(contribDirectory(), `${key}.js`)).href)
    const extension: unknown = typeof module === 'object' && module !== null ? Reflect.get(module, key) : undefined
    if (isExtension(extension)) loaded[key] = extension
  }
  return loaded
}

function contribDirectory(): string {
  return join(createRequire(import.meta.url).resolve('@electric-sql/pglite'), '../contrib')
}

function isExtension(value: unknown): value is Extension {
  return typeof value === 'object' && value !== null && 'name' in value && 'setup' in value
}

/** Files cannot have the dash of `uuid-ossp`, the only one that has any. */
function nameOf(file: string): string {
  return file === 'uuid_ossp' ? 'uuid-ossp' : file
}
