import { remembered } from '../../core/remembered.ts'
import type { Fact, FactOf } from '../../model/fact.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import type { Name } from '../../model/name.ts'
import { nameText } from '../../model/name.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { sameName } from '../same-name.ts'

type Looked = FactOf<
  'create-table' | 'add-column' | 'create-index' | 'drop-table' | 'drop-column' | 'drop-index' | 'drop-constraint'
>

export const downFails: Rule = defineRule({
  id: 'down-fails',
  summary: 'The downgrade makes what is still there, or drops what the upgrade has dropped already.',
  severity: 'error',
  direction: 'down',
  hazards: ['fails'],
  looksAt: ['create-table', 'add-column', 'create-index', 'drop-table', 'drop-column', 'drop-index', 'drop-constraint'],
  sources: ['lockstep:down-fails'],
  why: `A downgrade runs on the schema that its own upgrade left, mostly for the first time and in the worst hour of the week. A table, column or index that is still there cannot be made again (SQLSTATE 42P07, 42701), and what the upgrade dropped or renamed cannot be dropped under that name (42P01, 42703, 42704); then the whole downgrade is rolled back. Only what the files themselves show is reported: a table that no migration made is not known, so nothing is said of it.`,
  examples: [
    {
      given: 'create table books (id int primary key, title text);',
      bad: `-- migrate:up
alter table books add column subtitle text;

-- migrate:down
alter table books add column subtitle text;`,
      good: `-- migrate:up
alter table books add column subtitle text;

-- migrate:down
alter table books drop column subtitle;`,
    },
    {
      given: 'create table books (id int primary key, title text);',
      bad: `-- migrate:up
create table loans (id bigint primary key);
create table returns (id bigint primary key);
drop table loans;

-- migrate:down
drop table returns;
drop table loans;`,
      good: `-- migrate:up
create table loans (id bigint primary key);
create table returns (id bigint primary key);

-- migrate:down
drop table returns;
drop table loans;`,
    },
    {
      given: 'create table books (id int primary key, title text);\ncreate index books_title_idx on books (title);',
      bad: `-- migrate:up transaction:false
drop index concurrently books_title_idx;

-- migrate:down transaction:false
drop index concurrently books_title_idx;`,
      good: `-- migrate:up transaction:false
drop index concurrently books_title_idx;

-- migrate:down transaction:false
create index concurrently books_title_idx on books (title);`,
      transaction: false,
    },
  ],
  *check(fact, context) {
    const problem = problemOf(fact, context)
    if (problem === undefined) return
    yield {
      at: fact.span,
      message: `This fails when the upgrade has run: ${problem}.`,
      instead: '-- Write the opposite of what the up section does, in the opposite order.',
    }
  },
})

function problemOf(fact: Looked, context: RuleContext): string | undefined {
  switch (fact.kind) {
    case 'create-table':
      return !fact.ifNotExists && context.table(fact.table) !== undefined
        ? `table ${nameText(fact.table)} is there already`
        : undefined
    case 'add-column':
      return !fact.ifNotExists && context.table(fact.table)?.columns.has(fact.column.name) === true
        ? `column ${columnText(fact.table, fact.column.name)} is there already`
        : undefined
    case 'create-index':
      return existingIndex(fact, context)
    default:
      return fact.ifExists ? undefined : gone(fact, context)
  }
}

function existingIndex(fact: FactOf<'create-index'>, { schema }: RuleContext): string | undefined {
  if (fact.ifNotExists || fact.index === undefined) return undefined
  const name: Name = { schema: schema.resolve(fact.table).schema, name: fact.index }
  return schema.index(name) === undefined ? undefined : `index ${nameText({ name: fact.index })} is there already`
}

/** What an upgrade takes away or names anew: each statement of its downgrade asks. */
const takenBy = remembered(({ upSql }: ParsedMigration): readonly Fact[] => {
  const facts = upSql.statements.flatMap((statement) => statement.facts)
  return facts.filter(({ kind }) => kind.startsWith('drop-') || kind.startsWith('rename-'))
})

/** What is not known is only said to be gone where this migration took it away. */
function gone(
  fact: FactOf<'drop-table' | 'drop-column' | 'drop-index' | 'drop-constraint'>,
  context: RuleContext,
): string | undefined {
  const { schema, migration } = context
  const taken = takenBy(migration)
  switch (fact.kind) {
    case 'drop-table':
      return context.table(fact.table) === undefined &&
        taken.some(
          (up) => (up.kind === 'drop-table' || up.kind === 'rename-table') && sameName(schema, up.table, fact.table),
        )
        ? `the upgrade took table ${nameText(fact.table)} away`
        : undefined
    case 'drop-index':
      return schema.index(fact.index) === undefined &&
        taken.some((up) => up.kind === 'drop-index' && sameName(schema, up.index, fact.index))
        ? `the upgrade took index ${nameText(fact.index)} away`
        : undefined
    case 'drop-column':
      return missingFrom(context.table(fact.table)?.columns, fact.column) &&
        taken.some(
          (up) =>
            (up.kind === 'drop-column' || up.kind === 'rename-column') &&
            up.column === fact.column &&
            sameName(schema, up.table, fact.table),
        )
        ? `the upgrade took column ${columnText(fact.table, fact.column)} away`
        : undefined
    case 'drop-constraint':
      return missingFrom(context.table(fact.table)?.constraints, fact.constraint) &&
        taken.some(
          (up) =>
            (up.kind === 'drop-constraint' || up.kind === 'rename-constraint') &&
            up.constraint === fact.constraint &&
            sameName(schema, up.table, fact.table),
        )
        ? `the upgrade took constraint ${columnText(fact.table, fact.constraint)} away`
        : undefined
  }
}

/** False where the table is not known. */
function missingFrom(known: ReadonlyMap<string, unknown> | undefined, name: string): boolean {
  return known !== undefined && !known.has(name)
}
