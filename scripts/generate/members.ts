import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { camelCase } from './catalogues.ts'
import type { Catalogue } from './catalogues.ts'

/** A file that exports a member of a catalogue. */
export interface Member {
  /** Below the catalogue's folder, with forward slashes: `columns/drop-column.ts`. */
  readonly path: string
  readonly exportName: string
  /** From the start of the file system. */
  readonly file: string
}

/**
 * The members of a catalogue, sorted by path. A file is a member when it exports a value named after itself that is
 * declared with the contract's type or made by the contract's function; any other file is a part of some member.
 */
export function membersOf(catalogue: Catalogue, root: string): readonly Member[] {
  const folder = join(root, 'src', catalogue.folder)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.gen.ts') && path !== catalogue.contract)
    .toSorted()
    .map((path) => ({ path, exportName: camelCase(basename(path, '.ts')), file: join(folder, path) }))
    .filter((member) => declares(readFileSync(member.file, 'utf8'), member.exportName, catalogue))
}

function declares(text: string, exportName: string, catalogue: Catalogue): boolean {
  const declaration = new RegExp(`^export const ${exportName}\\s*(?::\\s*(\\w+)[^=]*)?=\\s*(\\w*)`, 'm').exec(text)
  if (declaration === null) return false
  return declaration[1] === catalogue.type || (catalogue.define !== undefined && declaration[2] === catalogue.define)
}

/** The members themselves. Each file is imported by itself, so that a stale registry does not matter. */
export async function loadMembers<Value>(
  catalogue: Catalogue,
  root: string,
  isMember: (value: unknown) => value is Value,
): Promise<readonly { readonly member: Member; readonly value: Value }[]> {
  const loaded: { readonly member: Member; readonly value: Value }[] = []
  for (const member of membersOf(catalogue, root)) {
    const value = exportOf(await import(pathToFileURL(member.file).href), member.exportName)
    if (!isMember(value))
      throw new Error(`${member.file} does not export a ${catalogue.kind} as "${member.exportName}".`)
    loaded.push({ member, value })
  }
  return loaded
}

function exportOf(module: unknown, name: string): unknown {
  return new Map<string, unknown>(Object.entries(module ?? {})).get(name)
}
