import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { get } from './reflect.ts'

/**
 * A package as the project has it installed, from a file of it.
 *
 * @throws Error where the project has none
 */
export async function loadPackage(name: string, file: string): Promise<unknown> {
  const path = createRequire(file).resolve(name)
  const module: unknown = await import(pathToFileURL(path).href)
  return module
}

/** What a module exports by a name, also one of CommonJS. */
export function exported(module: unknown, name: string): unknown {
  return get(module, name) ?? get(get(module, 'default'), name) ?? get(get(get(module, 'default'), 'default'), name)
}
