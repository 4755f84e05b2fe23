import { nameText, quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate } from '../same-name.ts'
import { mendedOutside, outsideTransaction } from '../without-transaction.ts'

export const indexIfNotExists: Rule = defineRule({
  id: 'index-if-not-exists',
  summary: 'CREATE INDEX CONCURRENTLY IF NOT EXISTS takes the invalid index of a failed build for a finished one.',
  severity: 'warning',
  hazards: ['not-repeatable', 'slows-queries'],
  looksAt: ['create-index'],
  sources: [
    'strong_migrations:remove_invalid_indexes',
    'migrationpilot:MP070',
    'lockstep:index-if-not-exists',
    'online_migrations:add_index',
    'safe-pg-migrations:add_index',
  ],
  why: `When CREATE INDEX CONCURRENTLY is interrupted, by a timeout, a deadlock or a duplicate key, the index stays behind and is marked invalid: no query uses it, every write still maintains it, and a unique one does not keep the rows that are there apart. The next run with IF NOT EXISTS finds the name taken, says so in a notice and succeeds. Dropping whatever bears the name first makes the migration repeatable; migrate up looks for such leftovers itself before it repeats a statement, other runners do not. Where a snapshot shows the index as invalid it is an error, CONCURRENTLY or not.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'create index concurrently if not exists books_title_idx on books (title);',
      good: `drop index concurrently if exists books_title_idx;
create index concurrently books_title_idx on books (title);`,
      transaction: false,
    },
    {
      given: 'create table shop_books (id bigint primary key, title text, isbn text);',
      bad: 'create unique index concurrently if not exists "Isbn" on shop_books (isbn) where isbn is not null;',
      good: `create table drafts (id bigint primary key, title text);
create index if not exists drafts_title_idx on drafts (title);`,
      transaction: false,
    },
  ],
  *check(index, context) {
    if (!index.ifNotExists || index.index === undefined) return
    if (isPrivate(index.table, context) || isDroppedBefore(index.index, context)) return
    const found = context.schema.index({ ...context.schema.resolve(index.table), name: index.index })
    const isInvalid = found?.valid === false
    if (!index.concurrently && !isInvalid) return
    const { schema } = index.table
    const name = nameText(schema === undefined ? { name: index.index } : { schema, name: index.index })
    const safe = `drop index concurrently if exists ${name};\n${withoutIfNotExists(context)}`
    yield {
      at: index.span,
      ...(isInvalid ? { severity: 'error' as const } : {}),
      message: isInvalid
        ? `${quoteName(index.index)} is there and INVALID, so this does nothing and reports success: no query uses the index, and every write maintains it.`
        : `If a build of ${quoteName(index.index)} was interrupted, this finds the invalid index that it left and reports success.`,
      instead: outsideTransaction(safe, context),
      ...(found === undefined ? mendedOutside(safe, context) : {}),
    }
  },
})

function isDroppedBefore(index: string, context: RuleContext): boolean {
  return context.statements.some(
    ({ span, facts }) =>
      span.start < context.statement.span.start &&
      facts.some((fact) => fact.kind === 'drop-index' && fact.index.name === index),
  )
}

function withoutIfNotExists(context: RuleContext): string {
  return context.statement.sql.replace(/\bif\s+not\s+exists\s+/i, '')
}
