import { remembered } from '../../core/remembered.ts'
import { listOf } from '../../core/text.ts'
import type { Fact } from '../../model/fact.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import { quoteName } from '../../model/name.ts'
import { defineRule, nothing } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'

export const expandAfterContract: Rule = defineRule({
  id: 'expand-after-contract',
  summary: 'An expand migration needs what an earlier contract brings, which may wait behind its gates for weeks.',
  severity: 'warning',
  direction: 'up',
  hazards: ['fails', 'breaks-running-version'],
  looksAt: [
    'create-index',
    'add-constraint',
    'add-column',
    'set-default',
    'create-view',
    'create-trigger',
    'insert',
    'update',
  ],
  sources: ['lockstep:expand-after-contract'],
  why: `An expand migration runs before the new version is rolled out, and the version counts on it. A contract behind a gate may not be applied by then: \`up\` holds back with it whatever needs it, and the new version meets a schema without its additions; another runner applies the expand and fails on a name that is not there yet. The names that a waiting contract brings are those that it adds or renames something to; a name that was there before stands for the old object meanwhile and is not reported.`,
  examples: [
    {
      given: [
        'create table books (id bigint primary key, title text, year bigint);',
        `-- migrate:change books-headline
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
alter table books rename column title to headline;

-- migrate:down
alter table books rename column headline to title;`,
      ],
      bad: `-- migrate:change books-search
-- migrate:phase expand

-- migrate:up transaction:false
create index concurrently books_headline_idx on books (headline);

-- migrate:down transaction:false
drop index concurrently books_headline_idx;`,
      good: `-- migrate:change books-search
-- migrate:phase expand

-- migrate:up transaction:false
create index concurrently books_year_idx on books (year);

-- migrate:down transaction:false
drop index concurrently books_year_idx;`,
      transaction: false,
    },
    {
      given: [
        'create table books (id bigint primary key, title text);\ncreate table editions (id bigint primary key, title text);',
        `-- migrate:change works
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
alter table books rename to works;

-- migrate:down
alter table works rename to books;`,
      ],
      bad: `-- migrate:phase expand

-- migrate:up
alter table works add column isbn text;

-- migrate:down
alter table works drop column isbn;`,
      good: `-- migrate:phase expand

-- migrate:up
alter table editions add column isbn text;

-- migrate:down
alter table editions drop column isbn;`,
    },
  ],
  check(fact, context) {
    if (context.phase !== 'expand' || context.history.waiting.length === 0) return nothing
    return comingLater(fact, context)
  },
})

function* comingLater(fact: Fact, { migration, history }: RuleContext): Iterable<RuleFinding> {
  for (const contract of history.waiting) {
    if (migration.change !== undefined && migration.change === contract.change) continue
    const needed = [...broughtBy(contract)].filter((name) => namedBy(fact).has(name))
    if (needed.length === 0) continue
    yield {
      at: fact.span,
      message: `${listOf(needed.map(shown))} comes with ${contract.id} ${contract.name}, a contract that may still wait for ${listOf(contract.gates.map(({ gate }) => gate))} when this runs.`,
      instead: `-- Name what is there before the contract, or make this part of the contract phase too:\n-- migrate:phase contract\n-- migrate:requires ${contract.id}`,
    }
  }
}

/** `table` or `table\0column`: names that the contract brings and that nothing had before. Every fact of every later expand asks. */
const broughtBy = remembered((contract: ParsedMigration): ReadonlySet<string> => {
  const facts = contract.upSql.statements.flatMap((statement) => statement.facts)
  const names = new Set(facts.flatMap(newNames))
  // A swap: the name was there before, and means the old object until then.
  for (const fact of facts) for (const name of freedNames(fact)) names.delete(name)
  return names
})

function newNames(fact: Fact): readonly string[] {
  switch (fact.kind) {
    case 'create-table':
    case 'create-table-as':
      return fact.ifNotExists || fact.temporary ? [] : [fact.table.name]
    case 'rename-table':
      return [fact.to]
    case 'add-column':
      return fact.ifNotExists ? [] : [columnKey(fact.table.name, fact.column.name)]
    case 'rename-column':
      return [columnKey(fact.table.name, fact.to)]
    default:
      return []
  }
}

function freedNames(fact: Fact): readonly string[] {
  switch (fact.kind) {
    case 'drop-table':
    case 'rename-table':
      return [fact.table.name]
    case 'drop-column':
    case 'rename-column':
      return [columnKey(fact.table.name, fact.column)]
    default:
      return []
  }
}

/** What the statement cannot do without. */
function namedBy(fact: Fact): ReadonlySet<string> {
  const reads = 'reads' in fact ? fact.reads : []
  const read = reads.flatMap(({ table, columns }) => [
    table.name,
    ...columns.map((column) => columnKey(table.name, column)),
  ])
  if (!('table' in fact) || fact.table === undefined) return new Set(read)
  const { name } = fact.table
  return new Set([name, ...columnsOf(fact).map((column) => columnKey(name, column)), ...read])
}

function columnsOf(fact: Fact): readonly string[] {
  switch (fact.kind) {
    case 'create-index':
      return [...fact.columns, ...fact.expressionColumns, ...fact.include]
    case 'set-default':
      return [fact.column]
    case 'insert':
    case 'update':
      return fact.columns
    case 'add-constraint':
      if (fact.constraint.type === 'check') return fact.constraint.expression.columns
      return fact.constraint.type === 'not-null' ? [fact.constraint.column] : fact.constraint.columns
    default:
      return []
  }
}

function columnKey(table: string, column: string): string {
  return `${table}\0${column}`
}

function shown(key: string): string {
  return key.split('\0').map(quoteName).join('.')
}
