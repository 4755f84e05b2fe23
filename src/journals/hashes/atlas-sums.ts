import { createHash } from 'node:crypto'

/**
 * The hash of each file, as `atlas.sum` has it: one running SHA-256 over names and contents in the order of the names,
 * read after each file. Of a file that says `atlas:sum ignore` only the name counts.
 */
export function atlasSums(
  sources: readonly { readonly path: string; readonly text: string; readonly bytes: Uint8Array }[],
): ReadonlyMap<string, string> {
  const named = sources
    .filter(({ path }) => path.endsWith('.sql'))
    .map((source) => ({ ...source, name: source.path.slice(source.path.lastIndexOf('/') + 1) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const running = createHash('sha256')
  const sums = new Map<string, string>()
  for (const { name, text, bytes } of named) {
    running.update(name)
    if (/^-- atlas:sum ignore\s*$/m.test(text)) continue
    running.update(bytes)
    sums.set(name, running.copy().digest('base64'))
  }
  return sums
}
