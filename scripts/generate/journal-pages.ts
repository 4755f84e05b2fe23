import type { ToolJournal } from '../../src/journals/journal.ts'
import { catalogueOf } from './catalogues.ts'
import { list, page, table } from './markdown.ts'
import { loadMembers } from './members.ts'
import type { Output } from './output.ts'

/** `docs/journals/index.md`: every journal that `migrate import` reads, with what it checks. */
export async function journalPages(root: string): Promise<readonly Output[]> {
  const journals = (await loadMembers(catalogueOf('journal'), root, isJournal)).map(({ value }) => value)
  const rows = journals.map(({ id, title, layout, checks }) => [
    `[${id}](#${id})`,
    title,
    layout === undefined ? 'not read' : `[${layout}](../layouts/index.md#${layout})`,
    checks ?? 'none',
  ])
  const text = page(
    '# Journals of other tools',
    'What `migrate import` takes over: the tables in which other tools keep what they have applied. They are only read. See [adopting a database](../guides/adopting.md).',
    table(['tool', 'tables', 'files', 'hashes that are checked'], rows),
    ...journals.flatMap(({ id, title, notes }) => [`## ${id}`, `${title}.`, list(notes)]),
  )
  return [{ path: 'docs/journals/index.md', text }]
}

function isJournal(value: unknown): value is ToolJournal {
  return typeof value === 'object' && value !== null && 'tables' in value && 'read' in value
}
