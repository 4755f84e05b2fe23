import { nameText, quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate, shortName } from '../same-name.ts'
import { mendedOutside, outsideTransaction } from '../without-transaction.ts'

export const moveIndexTablespace: Rule = defineRule({
  id: 'move-index-tablespace',
  summary: 'Moving an index to another tablespace blocks every query of its table until the index is copied.',
  severity: 'error',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['move-index'],
  sources: ['lockstep:move-index-tablespace'],
  why: `ALTER INDEX … SET TABLESPACE copies the index file while it holds ACCESS EXCLUSIVE on the index, and a query needs a lock on every index of its tables to be planned. REINDEX (TABLESPACE …) INDEX CONCURRENTLY, since PostgreSQL 14, builds the index in the new place beside the old one, outside a transaction. The empty index of a partitioned table has no file: there the statement only changes where later ones go, and the rule is silent.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);\ncreate index books_title_idx on books (title);',
      bad: 'alter index books_title_idx set tablespace pg_default;',
      good: 'reindex (tablespace pg_default) index concurrently books_title_idx;',
      transaction: false,
    },
    {
      given: 'create table books (id bigint primary key, title text);\ncreate index books_title_idx on books (title);',
      bad: 'alter index if exists public.books_pkey set tablespace pg_default;',
      good: `create table drafts (id bigint primary key);
alter index drafts_pkey set tablespace pg_default;`,
    },
  ],
  *check(move, context) {
    const index = context.schema.index(move.index)
    if (
      index !== undefined &&
      (isPrivate(index.table, context) || context.table(index.table)?.partitionBy !== undefined)
    )
      return
    const on = index === undefined ? `the table of ${nameText(move.index)}` : shortName(context.schema, index.table)
    const safe = `reindex (tablespace ${quoteName(move.tablespace)}) index concurrently ${nameText(move.index)}`
    yield {
      at: move.span,
      message: `Every query of ${on} waits until ${nameText(move.index)} is copied to ${quoteName(move.tablespace)}.`,
      instead: outsideTransaction(safe, context),
      ...mendedOutside(safe, context),
    }
  },
})
