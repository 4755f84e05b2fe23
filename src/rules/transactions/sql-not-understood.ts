import type { DynamicSql, OtherDdl, Select } from '../../model/fact.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'

export const sqlNotUnderstood: Rule = defineRule({
  id: 'sql-not-understood',
  summary:
    'SQL that is put together at run time or hidden in a function cannot be checked: what it locks is not known.',
  severity: 'warning',
  hazards: ['not-understood'],
  looksAt: ['dynamic-sql', 'select', 'other-ddl'],
  sources: ['pgfence:unanalyzable', 'pgsafe:unchecked-do-block', 'migrationpilot:MP063'],
  why: `A procedure or a function runs statements that are not in the file, and EXECUTE runs ones that do not exist before it runs. They take the same locks as written-out statements, so nothing can be said about what such a migration blocks, loses or breaks; what this tool does not know it does not call safe. What stands in a DO block in PL/pgSQL is read as if it stood outside, and so is EXECUTE with a text that is written there; reported is what of it is put together, or hidden in a call. After it, the schema that the history gives is no longer certain either. A command that PostgreSQL has and this tool has no knowledge of is reported as well, when its kind can lock tables.`,
  examples: [
    {
      given: 'create table books (id int primary key, title text);',
      bad: `do $$
declare book_table text;
begin
  foreach book_table in array array['books'] loop
    execute format('alter table %I add column isbn text', book_table);
  end loop;
end $$;`,
      good: `do $$
begin
  if not exists (select from information_schema.columns where table_name = 'books' and column_name = 'isbn') then
    alter table books add column isbn text;
  end if;
end $$;`,
    },
    {
      given: `create table books (id int primary key, title text);
create sequence numbers;
create procedure tidy() language plpgsql as $$ begin perform count(*) from books; end $$;`,
      bad: 'call tidy();',
      good: `select count(*) from books;
select setval('numbers', (select max(id) from books));
select pg_catalog.set_config('search_path', 'public', false);`,
    },
    {
      given: `create table books (id int primary key, title text);
create function tidy() returns void language plpgsql as $$ begin delete from books where id = 7; end $$;`,
      bad: 'select tidy();',
      good: `create function shout(word text) returns text language sql immutable as 'select upper(word)';
select shout(title) from books;`,
    },
  ],
  *check(fact, context) {
    if (fact.kind === 'dynamic-sql') yield* dynamic(fact)
    else if (fact.kind === 'select') yield* calls(fact, context)
    else yield* unknownCommand(fact)
  },
})

function* dynamic(fact: DynamicSql): Iterable<RuleFinding> {
  const what = { 'do-block': 'this DO block', call: 'this call', execute: 'this EXECUTE', elsewhere: 'this' }[
    fact.where
  ]
  yield {
    at: fact.span,
    message: `It is not known which tables ${what} locks or changes. ${fact.reason}`,
    instead: `-- write the statements out\n-- or, when you have read it:\n-- migrate:allow sql-not-understood because <reason>`,
  }
}

function* calls(fact: Select, context: RuleContext): Iterable<RuleFinding> {
  const hidden = fact.functions.filter((written) => !isHarmless(written, context))
  if (hidden.length === 0) return
  yield {
    at: fact.span,
    message: `${hidden.map((name) => `${name}()`).join(', ')} may run any SQL, so it is not known which tables this locks or changes.`,
    instead: `-- write the statements out\n-- or, when you have read it:\n-- migrate:allow sql-not-understood because <reason>`,
  }
}

/** Built-in functions with an effect that is not on a table of the user's. */
const builtIn =
  /^(setval|nextval|currval|lastval|set_config|pg_notify|pg_sleep(_for|_until)?|pg_(try_)?advisory_\w+|pg_(cancel|terminate)_backend|pg_stat_\w+|pg_switch_wal|pg_create_\w*restore_point|pg_reload_conf|pg_export_snapshot|random|setseed|clock_timestamp|gen_random_uuid|uuidv[47])$/

function isHarmless(written: string, context: RuleContext): boolean {
  const dot = written.lastIndexOf('.')
  const schema = dot === -1 ? undefined : written.slice(0, dot)
  const name = written.slice(dot + 1)
  if ((schema === undefined || schema === 'pg_catalog') && builtIn.test(name)) return true
  const known = context.schema.function(schema === undefined ? { name } : { schema, name })
  // An immutable or stable function is not allowed to change anything.
  return known !== undefined && known.volatility !== 'volatile'
}

/**
 * Commands that lock no table of the user's against reads or writes. Everything else that has no kind of its own
 * (ALTER EXTENSION … ADD, REASSIGN OWNED, DROP OWNED, …) is reported.
 */
const apartFromTables =
  /^ALTER (DATABASE|DEFAULT PRIVILEGES|INDEX ATTACH PARTITION|SEQUENCE|SYSTEM|VIEW)$|^SECURITY LABEL$/

function* unknownCommand(fact: OtherDdl): Iterable<RuleFinding> {
  if (apartFromTables.test(fact.tag)) return
  yield {
    at: fact.span,
    severity: 'info',
    message: `${fact.tag} is not looked into; it may lock tables.`,
    instead: `-- when you know what it locks:\n-- migrate:allow sql-not-understood because <reason>`,
  }
}
