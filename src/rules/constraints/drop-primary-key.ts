import { listOf } from '../../core/text.ts'
import type { DropConstraint } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { broughtOf } from '../brought-constraints.ts'
import { isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, sameName, shortName } from '../same-name.ts'

export const dropPrimaryKey: Rule = defineRule({
  id: 'drop-primary-key',
  summary: 'Without its primary key a table refuses UPDATE and DELETE as soon as it is published for replication.',
  severity: 'warning',
  direction: 'up',
  hazards: ['breaks-running-version', 'fails', 'blocks-reads'],
  looksAt: ['drop-constraint'],
  sources: ['pgfence:drop-constraint', 'migrationpilot:MP055', 'pg-schema-diff:INDEX_DROPPED'],
  why: `The primary key is what tells a logical replica which row to change: once it is gone, and unless REPLICA IDENTITY says otherwise, the publisher answers UPDATE and DELETE with SQLSTATE 55000. ON CONFLICT over the key fails with SQLSTATE 42P10, foreign keys that point at it have to go first, and lookups by the key read the whole table. The rule is silent where the same migration adds another primary key, and in a contract step behind a gate.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, isbn text);',
      bad: 'alter table books drop constraint books_pkey;',
      good: `create table shelves (id bigint constraint shelves_pkey primary key);
alter table shelves drop constraint shelves_pkey;
alter table shelves replica identity full;`,
    },
    {
      given: `create table books (id bigint primary key, isbn text not null);
create unique index books_isbn_idx on books (isbn);
create table reviews (id bigint primary key, book_id bigint not null references books (id));
create unique index reviews_book_id_idx on reviews (book_id);`,
      bad: `alter table books drop constraint if exists books_pkey cascade;`,
      good: `alter table reviews drop constraint reviews_pkey, add constraint reviews_pkey primary key using index reviews_book_id_idx;`,
    },
  ],
  *check(fact, context) {
    const table = context.table(fact.table)
    const constraint = table?.constraints.get(fact.constraint)
    if (table === undefined || constraint?.type !== 'primary-key') return
    if (isPrivate(fact.table, context) || isPlannedContract(context) || isReplaced(fact, context)) return
    const keys = context.schema
      .foreignKeysTo(table.name)
      .map((key) => `${quoteName(key.constraint.name)} of ${shortName(context.schema, key.table.name)}`)
    const goes = keys.length === 0 ? '' : ` CASCADE drops the foreign keys along: ${listOf(keys)}.`
    const refuses = keys.length === 0 ? '' : ` The server refuses as long as foreign keys need it: ${listOf(keys)}.`
    yield {
      at: fact.span,
      message: `${nameText(fact.table)} loses what names its rows: ON CONFLICT over ${listOf(constraint.columns.map(quoteName))} fails, and a publication refuses its UPDATE and DELETE.${fact.cascade ? goes : refuses}`,
      instead: [
        '-- with the new key in the same statement, over an index that was built CONCURRENTLY:',
        `alter table ${nameText(fact.table)} drop constraint ${quoteName(fact.constraint)}, add constraint ${quoteName(fact.constraint)} primary key using index <index>;`,
      ].join('\n'),
    }
  },
})

/** Another primary key in this section, or the table goes altogether. */
function isReplaced(fact: DropConstraint, context: RuleContext): boolean {
  return [...context.facts, ...context.later].some((other) => {
    if (!('table' in other) || other.table === undefined) return false
    if (!sameName(context.schema, other.table, fact.table)) return false
    return other.kind === 'drop-table' || broughtOf(other, 'primary-key').length > 0
  })
}
