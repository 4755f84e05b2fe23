import { listOf } from '../../core/text.ts'
import type { Table } from '../../model/schema.ts'
import { quoteName } from '../../model/name.ts'
import { identifierText, namedTable } from '../backfill-words.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const backfillKeyWithoutIndex: Rule = defineRule({
  id: 'backfill-key-without-index',
  summary: 'The key of a backfill has no unique index of its own, so the backfill is refused when it is to begin.',
  severity: 'error',
  direction: 'up',
  hazards: ['fails', 'scans-table'],
  looksAt: ['update', 'delete', 'insert'],
  sources: ['lockstep:backfill-key-without-index'],
  why: `Each batch is a range of the key. Without an index every batch would read the whole table, and with equal values rows would be skipped or met twice at the edge of a batch; so the engine takes a key only that a unique index has as its single column and that cannot be NULL, and refuses any other (\`backfill-invalid\`). A table that no migration made is not known here, and nothing is said of it.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, shelf bigint not null, title text, label text);',
      bad: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:shelf
update books set label = title where label is null;

-- migrate:down none because nothing else fills the column`,
      good: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set label = title where label is null;

-- migrate:down none because nothing else fills the column`,
    },
    {
      given:
        'create table lines (order_id bigint, number bigint, label text, id bigint not null unique, primary key (order_id, number));',
      bad: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:lines key:order_id
update lines set label = 'line ' || number where label is null;

-- migrate:down none because nothing else fills the column`,
      good: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:lines key:id
update lines set label = 'line ' || number where label is null;

-- migrate:down none because nothing else fills the column`,
    },
  ],
  *check(fact, context) {
    const { backfill } = context.migration
    const declared = backfill === undefined ? undefined : namedTable(backfill.table)
    const table = declared === undefined ? undefined : context.table(declared)
    if (backfill === undefined || table === undefined) return
    const key = identifierText(backfill.key)
    if (isKey(table, key)) return
    const column = table.columns.get(key)
    // What was added where nobody saw it is not known.
    if (column === undefined && !context.schema.complete) return
    const usable = [...table.columns.keys()].filter((name) => isKey(table, name)).map(quoteName)
    yield {
      at: fact.span,
      message: `${backfill.table} has no column ${backfill.key} that is NOT NULL and alone in a unique index, so no batch of this backfill can begin.`,
      instead:
        usable.length === 0
          ? `-- first, in a migration of its own:\ncreate unique index concurrently on ${backfill.table} (${backfill.key});`
          : `-- ${listOf(usable)} can be used:\n-- migrate:backfill table:${backfill.table} key:${usable[0] ?? ''}`,
    }
  },
})

function isKey(table: Table, column: string): boolean {
  if (table.columns.get(column)?.notNull !== true) return false
  return [...table.indexes.values()].some(
    ({ unique, partial, columns }) => unique && !partial && columns.length === 1 && columns[0] === column,
  )
}
