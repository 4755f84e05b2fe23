import { nameText, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isNewColumn, isPrivate, sameName, shortName } from '../same-name.ts'

export const dropColumnNamedInFunction: Rule = defineRule({
  id: 'drop-column-named-in-function',
  summary: 'A function whose body is a text goes on naming a column that is gone, and fails when it is called.',
  severity: 'warning',
  direction: 'up',
  hazards: ['fails', 'breaks-running-version'],
  looksAt: ['drop-column', 'rename-column'],
  sources: ['lockstep:drop-column-named-in-function'],
  why: `The server keeps the body of a function in LANGUAGE sql or plpgsql as a text and notes nothing about what it names, so it lets the column go and the call fails later with SQLSTATE 42703. For a trigger function of the same table that is every INSERT or UPDATE of the table, from the commit on: an error. Other functions that name both the table and the column may mean the column of another table, hence a warning. SQL that a body puts together is not seen. A function that the migration replaces or drops is not reported.`,
  examples: [
    {
      given: `create table books (id bigint primary key, title text, slug text);
create function books_slug() returns trigger language plpgsql as $$
begin
  new.slug := lower(new.title);
  return new;
end
$$;
create trigger books_slug before insert or update on books for each row execute function books_slug();`,
      bad: 'alter table books drop column slug;',
      good: `-- migrate:change books-slug
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
drop trigger books_slug on books;
drop function books_slug();
alter table books drop column slug;

-- migrate:down
alter table books add column slug text;
-- migrate:down-loses books.slug`,
    },
    {
      given: `create table books (id bigint primary key, title text, subtitle text);
create function full_title(book bigint) returns text language sql stable as
  'select b.title || b.subtitle from books as b where b.id = book';`,
      bad: 'alter table books drop column subtitle;',
      good: `-- migrate:change books-subtitle
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
create or replace function full_title(book bigint) returns text language sql stable as
  'select b.title from books as b where b.id = book';
alter table books drop column subtitle;

-- migrate:down none because the subtitles are lost on purpose`,
    },
  ],
  *check(fact, context) {
    if (isPrivate(fact.table, context) || isNewColumn(fact, fact.table, fact.column, context)) return
    for (const found of bodiesIn(context)) {
      const triggers = isTriggerFunction(found, fact.table, context)
      const named = triggers ? namesRow(found, fact.column) : namesColumn(found, fact.table, fact.column, context)
      if (!named || isReplacedLater(found, context)) continue
      const name = shortName(context.schema, found.function)
      const column = columnText(fact.table, fact.column)
      yield {
        at: fact.span,
        severity: triggers ? 'error' : 'warning',
        message: triggers
          ? `The trigger function ${name} still names ${column}: every write to ${nameText(fact.table)} that fires it fails.`
          : `The body of ${name} names ${nameText(fact.table)} and ${quoteName(fact.column)}: if it means this column, every call fails.`,
        instead: `-- before, in the same migration, a body without ${quoteName(fact.column)}:\ncreate or replace ${found.procedure ? 'procedure' : 'function'} ${name}(…) …;`,
      }
    }
  },
})

/** A function whose body is a text, with the words in it. */
interface Body {
  readonly function: Required<Name>
  readonly procedure: boolean
  readonly words: readonly string[]
}

function bodiesIn(context: RuleContext): readonly Body[] {
  return context.schema
    .functions()
    .flatMap(({ name, signatures }) =>
      signatures.flatMap(({ words, returns }) =>
        words === undefined ? [] : [{ function: name, procedure: returns === '', words }],
      ),
    )
}

function isTriggerFunction(found: Body, table: Name, context: RuleContext): boolean {
  const triggers = [...(context.table(table)?.triggers.values() ?? [])]
  return triggers.some((trigger) => sameName(context.schema, trigger.function, found.function))
}

/** `new.slug` or `old.slug`. */
function namesRow({ words }: Body, column: string): boolean {
  return words.includes(`new.${column}`) || words.includes(`old.${column}`)
}

/** The table's name, and the column's: bare, or behind something that is not another table. */
function namesColumn({ words }: Body, table: Name, column: string, context: RuleContext): boolean {
  const { schema, name } = context.schema.resolve(table)
  if (!words.includes(name) && !words.includes(`${schema}.${name}`)) return false
  return words.some((word) => {
    if (word === column) return true
    const dot = word.lastIndexOf('.')
    if (dot === -1 || word.slice(dot + 1) !== column) return false
    const qualifier = { name: word.slice(0, dot) }
    return context.table(qualifier) === undefined || sameName(context.schema, qualifier, table)
  })
}

function isReplacedLater(found: Body, context: RuleContext): boolean {
  return context.later.some((later) => {
    if (later.kind === 'create-function') return sameName(context.schema, later.function, found.function)
    const dropped = later.kind === 'drop-object' && (later.object === 'function' || later.object === 'procedure')
    return dropped && sameName(context.schema, later.name, found.function)
  })
}
