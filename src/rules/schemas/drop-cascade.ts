import { listOf } from '../../core/text.ts'
import type { DropObject, DropView } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Name, ObjectKind } from '../../model/name.ts'
import type { SchemaPart } from '../../model/schema.ts'
import { isCreatedHere } from '../created.ts'
import { isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { sameName, shortName } from '../same-name.ts'

export const dropCascade: Rule = defineRule({
  id: 'drop-cascade',
  summary: 'DROP … CASCADE drops whatever depends on the object too, named or not: views, triggers, defaults, columns.',
  severity: 'error',
  direction: 'up',
  hazards: ['loses-data', 'breaks-running-version', 'blocks-reads'],
  looksAt: ['drop-view', 'drop-object'],
  sources: ['migrationpilot:MP022', 'lockstep:drop-cascade', 'pgfence:drop-schema-cascade', 'atlas:DS101'],
  why: `CASCADE follows the dependencies that the server knows, through any number of steps, and only a NOTICE says what went: views that read a view, triggers that call a function, defaults that call nextval, columns and indexes that use a type or an extension. Each table that loses something is locked with ACCESS EXCLUSIVE. What the history shows is listed, through any number of steps; of other dependencies, such as those of an extension or of an operator in an expression, nothing is known here, and the message says so. Tables, columns of a type and schemas have rules of their own: drop-table, drop-column, drop-schema.`,
  examples: [
    {
      given: `create table books (id bigint primary key, title text);
create view titles as select id, title from books;
create view long_titles as select title from titles where length(title) > 80;`,
      bad: 'drop view titles cascade;',
      good: `-- migrate:change titles-drop
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
drop view long_titles;
drop view titles;

-- migrate:down
create view titles as select id, title from books;
create view long_titles as select title from titles where length(title) > 80;`,
    },
    {
      given: `create table books (id bigint primary key, title text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger books_touch before update on books for each row execute function touch();`,
      bad: 'drop function touch() cascade;',
      good: `-- migrate:change touch-drop
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
drop trigger books_touch on books;
drop function touch();

-- migrate:down
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger books_touch before update on books for each row execute function touch();`,
    },
  ],
  *check(drop, context) {
    if (!drop.cascade) return
    const [object, name] = subject(drop)
    if (elsewhere.has(object) || losesColumns(object, name, context)) return
    const known = dependents(drop, context)
    if (known.length === 0 && (isPlannedContract(context) || isCreatedHere(drop, object, name, context))) return
    const title = `${object.replaceAll('-', ' ')} ${nameText(name)}`
    yield {
      at: drop.span,
      ...(known.length === 0 ? { severity: 'warning' as const } : {}),
      message:
        known.length === 0
          ? `CASCADE drops whatever depends on the ${title}; the history does not show what that is, the database may have more.`
          : `CASCADE drops ${listOf(known)} with the ${title}${knowsAll.has(object) && context.schema.complete ? '' : ', and whatever else depends on it in the database'}.`,
      instead: `-- drop what depends on it by name, in a contract migration, then:\n${dropText(drop)};`,
    }
  },
})

/** Reported by rules of their own, or without anything that could depend on them. */
const elsewhere: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  'schema',
  'trigger',
  'policy',
  'rule',
  'database',
  'cast',
])

/** Kinds whose dependents the history shows when it is complete. */
const knowsAll: ReadonlySet<ObjectKind> = new Set<ObjectKind>(['view', 'materialized-view'])

function subject(drop: DropView | DropObject): readonly [ObjectKind, Name] {
  if (drop.kind === 'drop-object') return [drop.object, drop.name]
  return [drop.materialized ? 'materialized-view' : 'view', drop.view]
}

/** The statement without CASCADE; what has arguments keeps those that are written. */
function dropText(drop: DropView | DropObject): string {
  const [object, name] = subject(drop)
  const words = object === 'foreign-server' ? 'server' : object.replaceAll('-', ' ')
  const types = drop.kind === 'drop-object' ? drop.argumentTypes : undefined
  // The symbol of an operator is never quoted.
  const own = object === 'operator' ? operatorText(name) : nameText(name)
  return `drop ${words} ${own}${types === undefined ? '' : `(${types.join(', ')})`}`
}

function operatorText({ schema, name }: Name): string {
  return schema === undefined ? name : `${quoteName(schema)}.${name}`
}

/** A type with columns, which drop-column reports one by one. */
function losesColumns(object: ObjectKind, name: Name, { schema }: RuleContext): boolean {
  if (object !== 'type' && object !== 'domain') return false
  const wanted = schema.resolve(name)
  return schema
    .tables()
    .some((table) =>
      [...table.columns.values()].some(
        ({ type }) => type?.name === wanted.name && (type.schema ?? wanted.schema) === wanted.schema,
      ),
    )
}

/** What goes besides the object itself and what this migration made. */
function dependents(drop: DropView | DropObject, context: RuleContext): readonly string[] {
  const [, name] = subject(drop)
  return context
    .goesWith(drop)
    .filter((part) => part.of !== undefined || !sameName(context.schema, part.name, name))
    .filter((part) => !context.isNew(part.of ?? part.name))
    .map((part) => partText(part, context))
}

function partText({ kind, name, of, argumentTypes }: SchemaPart, { schema }: RuleContext): string {
  const own =
    kind === 'operator' ? name.name : name.schema === undefined ? quoteName(name.name) : shortName(schema, name)
  const signature = argumentTypes === undefined ? '' : `(${argumentTypes.join(', ')})`
  return `${kind} ${own}${signature}${of === undefined ? '' : ` of ${shortName(schema, of)}`}`
}
