import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A generated file: where it lies below the root, and what is in it. */
export interface Output {
  readonly path: string
  readonly text: string
}

/** Files that are generated together. */
export interface Stage {
  readonly outputs: readonly Output[]
  /** Folders in which this stage makes every page: what it does not make any more is stale and removed. */
  readonly ownedFolders: readonly string[]
}

/** Paths whose content on disk is not what it should be, leftovers included. */
export function staleOutputs(stage: Stage, root: string): readonly string[] {
  const changed = stage.outputs
    .filter((output) => read(join(root, output.path)) !== output.text)
    .map((output) => output.path)
  return [...changed, ...leftovers(stage, root)].toSorted()
}

/** Writes what differs, removes what is left over, and returns the paths of both. */
export function writeOutputs(stage: Stage, root: string): readonly string[] {
  const stale = staleOutputs(stage, root)
  for (const output of stage.outputs) {
    if (!stale.includes(output.path)) continue
    mkdirSync(dirname(join(root, output.path)), { recursive: true })
    writeFileSync(join(root, output.path), output.text)
  }
  for (const path of leftovers(stage, root)) rmSync(join(root, path))
  return stale
}

function leftovers({ outputs, ownedFolders }: Stage, root: string): readonly string[] {
  const wanted = new Set(outputs.map((output) => output.path))
  return ownedFolders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
    .filter((path) => path.endsWith('.md') && !wanted.has(path))
}

function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
