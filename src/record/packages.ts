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

/** What a module exports by a name, also one of CommonJS, whose exports are all its default. */
export function exported(module: unknown, name: string): unknown {
  const inner = get(module, 'default')
  const found = [get(get(inner, 'default'), name), get(inner, name), get(module, name)]
  return found.findLast((value) => value !== undefined && !(name === 'default' && value === inner && isModule(value)))
}

/** Whether a default export is the exports of a CommonJS module that was compiled from one with a default. */
function isModule(value: unknown): boolean {
  return get(value, '__esModule') === true
}
