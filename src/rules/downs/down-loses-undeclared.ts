import type { FactOf } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import { nameText } from '../../model/name.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { earlierFacts, isNewColumn, isPrivate, sameName } from '../same-name.ts'

type Looked = FactOf<'drop-table' | 'drop-column' | 'truncate' | 'delete'>

export const downLosesUndeclared: Rule = defineRule({
  id: 'down-loses-undeclared',
  summary: 'The downgrade loses rows or values that were there before the upgrade, and does not say so.',
  severity: 'error',
  direction: 'down',
  hazards: ['loses-data'],
  looksAt: ['drop-table', 'drop-column', 'truncate', 'delete'],
  sources: ['lockstep:down-loses-undeclared'],
  why: `A downgrade is run in a hurry, by somebody who trusts that it only takes the last release back. Dropping what its own upgrade added is what a downgrade is for, and is not reported: nothing is lost that was there before, and \`migrate down\` asks before it drops a table or column that holds data. Here data goes that the upgrade did not bring, as after a rename: the column that the downgrade drops is the old one under its new name. \`-- migrate:down-loses\` declares it, so that the question names it.`,
  examples: [
    {
      given: 'create table books (id int primary key, title text, note text);',
      bad: `-- migrate:up
alter table books alter column title set default '';

-- migrate:down
alter table books alter column title drop default;
alter table books drop column note;`,
      good: `-- migrate:up
alter table books alter column title set default '';

-- migrate:down
alter table books alter column title drop default;`,
    },
    {
      given:
        'create table books (id int primary key, title text);\ncreate table notes (id int primary key, note text);',
      bad: `-- migrate:up
insert into notes (id, note) values (-1, 'first');

-- migrate:down
truncate notes;`,
      good: `-- migrate:up
insert into notes (id, note) values (-1, 'first');

-- migrate:down
delete from notes where id = -1;`,
    },
    {
      given: 'create table books (id int primary key, title text);',
      bad: `-- migrate:up
create table readers (id bigint primary key, card text);
alter table books add column isbn text;

-- migrate:down
alter table books drop column isbn;
alter table books drop column title;
drop table readers;`,
      good: `-- migrate:up
create table readers (id bigint primary key, card text);
alter table books add column isbn text;

-- migrate:down
alter table books drop column isbn;
drop table readers;`,
    },
  ],
  *check(fact, context) {
    for (const lost of lostBy(fact, context)) {
      yield {
        at: fact.span,
        message: `The downgrade loses ${lost}, which the upgrade did not bring.`,
        instead: `-- where that is meant, below -- migrate:down:\n-- migrate:down-loses ${lost}`,
      }
    }
  },
})

/** `table` or `table.column`, as the directive names it, of what was there before the upgrade. */
function lostBy(fact: Looked, context: RuleContext): readonly string[] {
  if (fact.kind === 'drop-column') {
    if (isPrivate(fact.table, context) || isNewColumn(fact, fact.table, fact.column, context)) return []
    if (addedByUp(fact.table, fact.column, context) || isDeclared(fact.table, fact.column, context)) return []
    return [columnText(fact.table, fact.column)]
  }
  if (fact.kind === 'delete' && fact.where === 'condition') return []
  const tables = fact.kind === 'truncate' ? fact.tables : [fact.table]
  return tables.filter((table) => isLost(fact, table, context)).map(nameText)
}

function isLost(fact: Looked, table: Name, context: RuleContext): boolean {
  const madeHere = earlierFacts(fact, context).some(
    (earlier) =>
      (earlier.kind === 'create-table' || earlier.kind === 'create-table-as') &&
      sameName(context.schema, earlier.table, table),
  )
  return (
    !madeHere && !isPrivate(table, context) && !addedByUp(table, undefined, context) && !isDeclared(table, '*', context)
  )
}

/** The upgrade made the table, or the column; one that it may have found there counts as made. */
function addedByUp(table: Name, column: string | undefined, { migration, schema }: RuleContext): boolean {
  return migration.upSql.statements.some(({ facts }) =>
    facts.some((up) => {
      if (up.kind === 'create-table' || up.kind === 'create-table-as' || up.kind === 'drop-table')
        return up.table.name === table.name && sameName(schema, up.table, table)
      return up.kind === 'add-column' && up.column.name === column && sameName(schema, up.table, table)
    }),
  )
}

/** `books`, `books.*`, `books.title`, each with or without the schema. */
function isDeclared(table: Name, column: string, { migration }: RuleContext): boolean {
  const ways = [table, { name: table.name }].flatMap((name) => {
    const text = nameText(name)
    return [text, `${text}.*`, `${text}.${column}`, columnText(name, column)]
  })
  return migration.downLoses.some((lost) => ways.includes(lost))
}
