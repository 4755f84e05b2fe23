import type { Reindex } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, shortName } from '../same-name.ts'
import { mendedOutside, outsideTransaction } from '../without-transaction.ts'

export const reindexWithoutConcurrently: Rule = defineRule({
  id: 'reindex-without-concurrently',
  summary: 'REINDEX without CONCURRENTLY blocks writes, and in practice reads, until the indexes are built anew.',
  severity: 'error',
  hazards: ['blocks-reads', 'blocks-writes', 'scans-table'],
  looksAt: ['reindex'],
  sources: [
    'squawk:require-concurrent-reindex',
    'pgfence:reindex-non-concurrent',
    'postgres-language-server:requireConcurrentReindex',
    'migrationpilot:MP021',
  ],
  why: `A plain REINDEX takes SHARE on the table, so that every write waits, and ACCESS EXCLUSIVE on each index while it is built anew; a query cannot even be planned without a lock on all indexes of its tables, so reads wait too. With CONCURRENTLY, since PostgreSQL 12, the new index is built beside the old one, which stays in use until they are swapped. That cannot run inside a transaction, and if it fails it leaves an invalid index whose name ends in _ccnew. REINDEX SYSTEM has no such form.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);\ncreate index books_title_idx on books (title);',
      bad: 'reindex index books_title_idx;',
      good: 'reindex index concurrently books_title_idx;',
      transaction: false,
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'reindex (verbose) table books;',
      good: `create table drafts (id bigint primary key);
reindex table drafts;`,
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'reindex schema public;',
      good: 'reindex (verbose) schema concurrently public;',
      transaction: false,
    },
  ],
  *check(reindex, context) {
    if (reindex.concurrently) return
    const table = tableOf(reindex, context)
    if (table !== undefined && isPrivate(table, context)) return
    const on = table === undefined ? unknownTables(reindex) : shortName(context.schema, table)
    const safe = safeForm(reindex, context)
    yield {
      at: reindex.span,
      message: `Every write of ${on} waits until the indexes are built anew, and so does every query that needs one of them to be planned.`,
      instead:
        safe === undefined
          ? `-- there is no CONCURRENTLY for this: let it give up early, and try again\nset lock_timeout = '2s';\n${context.statement.sql};`
          : outsideTransaction(safe, context),
      ...(safe === undefined ? {} : mendedOutside(safe, context)),
    }
  },
})

function tableOf({ target, name }: Reindex, context: RuleContext): Reindex['name'] {
  if (name === undefined || target === 'table') return name
  return target === 'index' ? context.schema.index(name)?.table : undefined
}

function unknownTables({ target, name }: Reindex): string {
  if (name === undefined) return `every table of the ${target}`
  return target === 'index' ? `the table of ${nameText(name)}` : `every table of ${nameText(name)}`
}

/** Undefined where the server has none: for system catalogues, and for the index of an exclusion constraint. */
function safeForm({ target, name }: Reindex, context: RuleContext): string | undefined {
  if (target === 'system') return undefined
  const index = target === 'index' && name !== undefined ? context.schema.index(name) : undefined
  const constraint = index?.constraint === undefined ? undefined : index.constraint
  const owner = index === undefined ? undefined : context.table(index.table)
  if (constraint !== undefined && owner?.constraints.get(constraint)?.type === 'exclude') return undefined
  const { sql } = context.statement
  const start = /^reindex\s*(\([^)]*\)\s*)?(index|table|schema|database)\b/i.exec(sql)?.[0]
  if (start !== undefined) return `${start} concurrently${sql.slice(start.length)}`
  return `reindex ${target} concurrently${name === undefined ? '' : ` ${nameText(name)}`}`
}
