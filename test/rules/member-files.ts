import { readdirSync } from 'node:fs'
import { basename } from 'node:path'

/** Names of the files below the folders of `src/rules`, in alphabetical order; files beside the contract are no members. */
export function memberFiles(): readonly string[] {
  const root = new URL('../../src/rules/', import.meta.url)
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((folder) => readdirSync(new URL(`${folder.name}/`, root)))
    .map((file) => basename(file, '.ts'))
    .toSorted()
}
