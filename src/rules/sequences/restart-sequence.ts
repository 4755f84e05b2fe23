import { nameText } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import { isCreatedHere } from '../created.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const restartSequence: Rule = defineRule({
  id: 'restart-sequence',
  summary: 'A sequence that is set to a fixed number gives numbers again that rows have already.',
  severity: 'warning',
  hazards: ['fails', 'breaks-running-version'],
  looksAt: ['alter-sequence', 'select'],
  sources: ['migrationpilot:MP059'],
  why: `ALTER SEQUENCE … RESTART and setval set the next number without looking at any table. Where rows have higher numbers, inserts of the running version fail with duplicate keys (SQLSTATE 23505), one after the other, until the sequence has passed them; without a unique key they get numbers that others have. A number that comes from a query, such as the greatest id, follows the rows and is not reported; neither is a sequence that this migration makes.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);\ncreate sequence book_numbers;',
      bad: 'alter sequence book_numbers restart with 1;',
      good: `select setval('book_numbers', (select coalesce(max(id), 0) + 1 from books), false);`,
    },
    {
      given: 'create table books (id bigint primary key, title text);\ncreate sequence book_numbers;',
      bad: `select setval('book_numbers', 1, false);`,
      good: `create sequence page_numbers;\nalter sequence page_numbers restart with 100;`,
    },
  ],
  *check(fact, context) {
    const sequences: readonly Name[] =
      fact.kind === 'select' ? (fact.setsSequences ?? []) : fact.restart ? [fact.sequence] : []
    for (const sequence of sequences) {
      if (isCreatedHere(fact, 'sequence', sequence, context) || context.isNew(sequence)) continue
      const owner = context.schema.sequence(sequence)?.ownedBy
      const name = nameText(sequence)
      const rows = owner === undefined ? 'rows' : `rows of ${nameText(owner.table)}`
      const from = owner === undefined ? '…' : nameText(owner.table)
      yield {
        at: fact.span,
        message: `${name} may give numbers again that ${rows} have already, and inserts fail as duplicates.`,
        instead: `select setval('${name}', (select coalesce(max(${owner?.column ?? '…'}), 0) + 1 from ${from}), false);`,
      }
    }
  },
})
