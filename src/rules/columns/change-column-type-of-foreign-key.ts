import { listOf } from '../../core/text.ts'
import type { SetColumnType } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import type { Constraint } from '../../model/schema.ts'
import { hasLockTimeout } from '../lock-timeout.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, sameName, shortName } from '../same-name.ts'

export const changeColumnTypeOfForeignKey: Rule = defineRule({
  id: 'change-column-type-of-foreign-key',
  summary: 'Changing the type of a column in a foreign key locks the table at its other end, and may read it again.',
  severity: 'error',
  hazards: ['blocks-reads', 'blocks-writes', 'scans-table'],
  looksAt: ['set-column-type'],
  sources: ['lockstep:change-column-type-of-foreign-key', 'online_migrations:mismatched_foreign_key_type'],
  why: `The server drops the foreign key and makes it anew around the change, which takes ACCESS EXCLUSIVE on both tables. Where the values are written anew it then looks up each of them again, so both tables stay locked for as long as that takes, on top of the rewrite. Where nothing is rewritten, as for a longer varchar, the key is not checked again and only the short lock on the other table is left: a warning, which a lock_timeout that the file sets before the statement answers.`,
  examples: [
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, author_id int references authors (id));`,
      bad: 'alter table books alter column author_id type bigint;',
      good: `set local lock_timeout = '2s';\nalter table books add column author_number bigint;`,
      runnerSets: [],
    },
    {
      given: `create table languages (code varchar(20) primary key);
create table books (id bigint primary key, language varchar(20) references languages (code));`,
      bad: 'alter table languages alter column code type varchar(40);',
      good: `set local lock_timeout = '2s';\nalter table books alter column language type varchar(40);`,
      runnerSets: [],
    },
  ],
  *check(change, context) {
    if (isPrivate(change.table, context)) return
    const others = context.effects.filter(
      ({ table }) => !sameName(context.schema, table, change.table) && isOtherEnd(table, change, context),
    )
    if (others.length === 0) return
    const scans = others.some((effect) => effect.scans)
    if (!scans && hasLockTimeout(context)) return
    const tables = listOf(others.map(({ table }) => shortName(context.schema, table)))
    const column = columnText(change.table, change.column)
    yield {
      at: change.span,
      severity: scans ? 'error' : 'warning',
      message: scans
        ? `${column} is in a foreign key: reads and writes of ${tables} wait too, until every value was looked up again.`
        : `${column} is in a foreign key: reads and writes of ${tables} wait too until the statement has its locks.`,
      instead: insteadOf(change, scans),
    }
  },
})

function isOtherEnd(other: Name, change: SetColumnType, context: RuleContext): boolean {
  const own = [...(context.table(change.table)?.constraints.values() ?? [])]
  const pointing = context.schema.foreignKeysTo(change.table)
  const pointsAt = (constraint: Constraint): boolean =>
    constraint.type === 'foreign-key' &&
    constraint.columns.includes(change.column) &&
    sameName(context.schema, constraint.references, other)
  return (
    own.some(pointsAt) ||
    pointing.some(
      ({ table, constraint }) =>
        sameName(context.schema, table.name, other) &&
        constraint.type === 'foreign-key' &&
        constraint.referencedColumns.includes(change.column),
    )
  )
}

function insteadOf(change: SetColumnType, scans: boolean): string {
  const table = nameText(change.table)
  if (!scans) {
    return `set local lock_timeout = '2s';\nalter table ${table} alter column ${quoteName(change.column)} type ${change.type.sql};`
  }
  const fresh = quoteName(`${change.column}_new`)
  return [
    `alter table ${table} add column ${fresh} ${change.type.sql};`,
    '-- fill it in batches and keep both columns equal with a trigger, then in a migration of its own:',
    `alter table ${table} add foreign key (${fresh}) references … not valid;`,
    '-- and validate it in the next one.',
  ].join('\n')
}
