import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { earlierFacts, sameName } from '../same-name.ts'

export const securityDefinerWithoutSearchPath: Rule = defineRule({
  id: 'security-definer-without-search-path',
  summary:
    'A SECURITY DEFINER function without its own search_path can be made to run another’s code with its owner’s rights.',
  severity: 'warning',
  hazards: ['exposes-data'],
  looksAt: ['create-function', 'alter-function'],
  sources: ['migrationpilot:MP099', 'postgres-language-server:functionSearchPathMutable'],
  why: `Names in the body are looked up along the search_path of the one who calls, each time it runs. A caller who puts a schema of their own in front, or makes a temporary table, decides which table or function a bare name in the body means, and that runs with the owner’s rights. SET search_path at the function fixes the path, with pg_temp at its end. A body of BEGIN ATOMIC or RETURN is looked up when the function is made and is not reported.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `create function book_count() returns bigint language plpgsql security definer as 'begin return (select count(*) from books); end';`,
      good: `create function book_count() returns bigint language plpgsql security definer set search_path = public, pg_temp as 'begin return (select count(*) from books); end';`,
    },
    {
      given: `create table books (id bigint primary key, title text);
create function book_count() returns bigint language plpgsql as 'begin return (select count(*) from books); end';`,
      bad: 'alter function book_count() security definer;',
      good: `alter function book_count() security definer;
alter function book_count() set search_path = public, pg_temp;`,
    },
  ],
  *check(fact, context) {
    if (fact.securityDefiner !== true || fact.setsSearchPath) return
    if (fact.kind === 'create-function' && fact.parsedBody) return
    // ALTER FUNCTION may set the path before or behind; a later CREATE OR REPLACE forgets it.
    const others = fact.kind === 'alter-function' ? [...earlierFacts(fact, context), ...context.later] : context.later
    const isSet = others.some(
      (other) =>
        (other.kind === 'alter-function' || other.kind === 'create-function') &&
        other.setsSearchPath &&
        sameName(context.schema, other.function, fact.function),
    )
    if (isSet) return
    const name = nameText(fact.function)
    yield {
      at: fact.span,
      message: `Whoever calls ${name}() decides with their search_path what its bare names mean, and it runs with its owner’s rights.`,
      instead: `alter function ${name} set search_path = public, pg_temp;`,
    }
  },
})
