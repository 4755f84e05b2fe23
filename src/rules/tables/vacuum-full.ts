import { listOf } from '../../core/text.ts'
import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const vacuumFull: Rule = defineRule({
  id: 'vacuum-full',
  summary: 'VACUUM FULL writes the whole table anew while reads and writes wait.',
  severity: 'error',
  hazards: ['rewrites-table', 'blocks-reads', 'blocks-writes'],
  looksAt: ['vacuum'],
  sources: [
    'pgfence:vacuum-full',
    'squawk:prefer-repack',
    'postgres-language-server:banVacuumFull',
    'migrationpilot:MP006',
  ],
  why: `VACUUM FULL copies the rows that are alive into a new file, builds every index again, and holds ACCESS EXCLUSIVE from the beginning to the end; it needs the space of both files meanwhile. Plain VACUUM makes the room of dead rows usable again without stopping anybody. Programs such as pg_repack give the room back to the system and lock the table only for a moment. Without a table the command does this to every table of the database in turn.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'vacuum full books;',
      good: 'vacuum (analyze) books;',
      transaction: false,
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'vacuum (full, analyze) books;',
      good: 'vacuum books;',
      transaction: false,
    },
  ],
  *check(fact, context) {
    if (!fact.full) return
    const visible = fact.tables.filter((table) => !isPrivate(table, context)).map(nameText)
    if (fact.tables.length > 0 && visible.length === 0) return
    const tables = visible.length === 0 ? 'every table of the database, one after the other,' : listOf(visible)
    yield {
      at: fact.span,
      message: `Reads and writes of ${tables} wait while all rows and indexes are written anew.`,
      instead: `vacuum (analyze)${visible.length === 0 ? '' : ` ${visible.join(', ')}`};\n-- to give the room back to the system while the table is in use: pg_repack`,
    }
  },
})
