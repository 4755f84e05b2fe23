import type { Layout } from '../../src/layouts/layout.ts'
import { catalogueOf } from './catalogues.ts'
import { list, page, table } from './markdown.ts'
import { loadMembers } from './members.ts'
import type { Output } from './output.ts'

/** `docs/layouts/index.md`: every layout with what it reads. */
export async function layoutPages(root: string): Promise<readonly Output[]> {
  const members = await loadMembers(catalogueOf('layout'), root, isLayout)
  const layouts = members.map(({ value }) => value).toSorted((a, b) => a.rank - b.rank)
  const rows = layouts.map(({ id, title, directories }) => [
    `[${id}](#${id})`,
    title,
    directories.map((directory) => `\`${directory}\``).join(', '),
  ])
  const text = page(
    '# Layouts',
    'How migrations lie on disk. `migrate lint` reads those of every tool in place, with that tool’s own transactions; the layout is detected from the files, or named with `--layout`. Where several tools write files alike and run them differently, nothing is guessed: the layout has to be named. Our own runner runs `native`, and `plain` where it is named.',
    table(['layout', 'files', 'where it is looked for'], rows),
    ...layouts.flatMap((layout) => [`## ${layout.id}`, `${layout.title}.`, list([...layout.notes, fixNote(layout)])]),
  )
  return [{ path: 'docs/layouts/index.md', text }]
}

/** Whether `lint --fix` may cut its migrations. */
function fixNote({ writer, program }: Layout): string {
  if ('never' in writer && program !== undefined) return `\`lint --fix\` changes nothing: ${writer.never}.`
  if ('never' in writer) return `\`lint --fix\` changes statements in place and makes no file: ${writer.never}.`
  const limit = writer.alwaysInTransaction
  return `\`lint --fix\` cuts migrations in two.${limit === undefined ? '' : ` None runs outside a transaction: ${limit}.`}`
}

function isLayout(value: unknown): value is Layout {
  return typeof value === 'object' && value !== null && 'wants' in value && 'notes' in value
}
