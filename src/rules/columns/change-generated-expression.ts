import { nameText, quoteName } from '../../model/name.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const changeGeneratedExpression: Rule = defineRule({
  id: 'change-generated-expression',
  summary: 'Another expression for a stored generated column writes the whole table anew while reads and writes wait.',
  severity: 'error',
  hazards: ['blocks-reads', 'blocks-writes', 'rewrites-table'],
  looksAt: ['change-generated'],
  sources: ['lockstep:change-generated-expression'],
  why: `SET EXPRESSION (PostgreSQL 17) computes the column for every row, and the server writes a complete copy of the table and of its indexes under ACCESS EXCLUSIVE to do so. A second column with the new expression needs the same rewrite, so the way round it is a plain column that a trigger keeps up to date and that is filled in batches. A virtual column (PostgreSQL 18) is computed when it is read: its expression changes in an instant and is not reported.`,
  examples: [
    {
      given: `create table books (id bigint primary key, net numeric, gross numeric generated always as (net * 1.07) stored);`,
      bad: 'alter table books alter column gross set expression as (net * 1.19);',
      good: 'alter table books add column gross_new numeric;',
      versions: { from: 17 },
    },
    {
      given: `create table books (id bigint primary key, pages int, sheets int generated always as (pages / 2) stored,
  leaves int generated always as (pages / 2) virtual);`,
      bad: 'alter table books alter column sheets set expression as ((pages + 1) / 2);',
      good: 'alter table books alter column leaves set expression as ((pages + 1) / 2);',
      versions: { from: 18 },
    },
  ],
  *check(change, context) {
    if (change.action !== 'set-expression' || isPrivate(change.table, context)) return
    if (!context.effects.some((effect) => effect.rewrites)) return
    const table = nameText(change.table)
    const fresh = quoteName(`${change.column}_new`)
    const type = context.column(change.table, change.column)?.type?.sql ?? '…'
    yield {
      at: change.span,
      message: `${columnText(change.table, change.column)} is computed anew for every row: the server writes all of ${table} again while every read and write of it waits.`,
      instead: [
        `alter table ${table} add column ${fresh} ${type};`,
        '-- a trigger computes it for new and changed rows; fill the others in batches, as a backfill of its own:',
        `update ${table} set ${fresh} = … where ${fresh} is null;`,
      ].join('\n'),
    }
  },
})
