import { nameText, quoteLiteral } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import type { Statement } from '../../model/statement.ts'
import { creates } from '../created.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const enumValueUsedInTransaction: Rule = defineRule({
  id: 'enum-value-used-in-transaction',
  summary: 'A new value of an enum cannot be used in the transaction that adds it: the migration fails.',
  severity: 'error',
  hazards: ['fails'],
  looksAt: ['add-enum-value'],
  sources: ['migrationpilot:MP054', 'pgsafe:enum-value-used-in-transaction'],
  why: `The value is in the catalogue at once, but an index over the column could outlive a rollback of the value, so until the commit the server refuses to read it from a text: "unsafe use of new value" (SQLSTATE 55P04). That holds for inserts and updates, for defaults, checks and casts. In a migration of its own before the one that uses it the value is harmless. From 17 on a type that the same transaction has made is free of that; 14 to 16 refuse there too. A later statement counts as using the value when it holds a string of that text and no known table of it is without the type.`,
  examples: [
    {
      given: `create type mood as enum ('sad', 'happy');
create table people (id bigint primary key, mood mood);`,
      bad: `alter type mood add value 'calm' after 'sad';
insert into people (id, mood) values (1000, 'calm');`,
      good: [
        `-- migrate:change mood-calm
-- migrate:phase expand

-- migrate:up
alter type mood add value 'calm' after 'sad';

-- migrate:down none because a value of an enum cannot be removed`,
        `insert into people (id, mood) values (1000, 'calm');`,
      ],
      fails: '55P04',
    },
    {
      given: `create type mood as enum ('sad', 'happy');
create table people (id bigint primary key, mood mood);`,
      bad: `alter type mood add value 'calm' after 'sad';
alter table people alter column mood set default 'calm';`,
      good: [
        `-- migrate:change mood-calm
-- migrate:phase expand

-- migrate:up
alter type mood add value 'calm' after 'sad';

-- migrate:down none because a value of an enum cannot be removed`,
        `alter table people alter column mood set default 'calm';`,
      ],
      fails: '55P04',
    },
    {
      given: 'create table people (id bigint primary key, name text);',
      bad: `create type mood as enum ('sad');
alter type mood add value 'happy' after 'sad';
alter table people add column mood mood not null default 'happy';`,
      good: `-- migrate:up
-- migrate:allow create-enum because no mood will ever go away
create type mood as enum ('sad', 'happy');
alter table people add column mood mood not null default 'happy';

-- migrate:down
alter table people drop column mood;
drop type mood;`,
      versions: { to: 16 },
      fails: '55P04',
    },
  ],
  *check(fact, context) {
    if (!context.transaction.open) return
    // A rollback would take the type with the value.
    if (context.target >= 17 && isMadeInTransaction(fact.type, context)) return
    if (context.schema.enumType(fact.type)?.values.includes(fact.value) === true) return
    const user = laterInTransaction(context).find(
      (statement) => context.holdsString(statement, fact.value) && mayHold(statement, fact.type, context),
    )
    if (user === undefined) return
    yield {
      at: fact.span,
      message: `A later statement of the same transaction uses the new value ${quoteLiteral(fact.value)} of ${nameText(fact.type)}, which the server refuses until this is committed.`,
      instead: `-- in a migration of its own, before this one:\n${context.statement.sql};`,
      fix: { kind: 'own-migration' },
    }
  },
})

function isMadeInTransaction(type: Name, context: RuleContext): boolean {
  return context.transaction.earlier.some((earlier) => creates(earlier, 'type', type, context))
}

function laterInTransaction(context: RuleContext): readonly Statement[] {
  const later = context.statements.filter(({ span }) => span.start > context.statement.span.start)
  const end = later.findIndex(({ facts }) =>
    facts.some((fact) => fact.kind === 'transaction' && (fact.action === 'commit' || fact.action === 'rollback')),
  )
  return end === -1 ? later : later.slice(0, end)
}

/** Statements about tables that are all known, and have no column of the type, mean another text. */
function mayHold({ facts }: Statement, type: Name, context: RuleContext): boolean {
  const wanted = context.schema.resolve(type)
  const isData = facts.every(({ kind }) => kind === 'insert' || kind === 'update' || kind === 'delete')
  const names = facts.flatMap((fact) => {
    const own = 'table' in fact && fact.table !== undefined ? [fact.table] : []
    return [...own, ...('reads' in fact ? fact.reads.map(({ table }) => table) : [])]
  })
  if (!isData || names.length === 0) return facts.every(({ kind }) => kind !== 'add-enum-value' && kind !== 'comment')
  return names.some((name) => {
    const table = context.table(name)
    if (table === undefined || table.columns.size === 0 || table.moreColumns === true) return true
    return [...table.columns.values()].some(
      ({ type: own }) =>
        own === undefined || (own.name === wanted.name && (own.schema ?? wanted.schema) === wanted.schema),
    )
  })
}
