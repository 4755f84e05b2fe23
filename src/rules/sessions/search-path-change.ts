import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isDump } from '../dump.ts'
import { isServerDefault } from '../server-default.ts'

export const searchPathChange: Rule = defineRule({
  id: 'search-path-change',
  summary: 'The search path is changed, so which tables the bare names below mean depends on what exists where.',
  severity: 'info',
  preset: 'strict',
  hazards: ['fails', 'not-understood'],
  looksAt: ['set-setting'],
  sources: ['squawk:require-table-schema'],
  why: `A bare name is looked up in the schemas of the search path, one after the other, each time a statement runs. A table of the same name in an earlier schema is changed instead of the one that was meant, CREATE TABLE makes it in the first schema that exists, and a pooler or the next file may see another path. A name with its schema means the same wherever it runs. The head of a dump, which empties the path and writes every schema, is not reported.`,
  examples: [
    {
      given: 'create schema shop;',
      bad: `set local search_path = shop, public;
create table books (id bigint primary key);`,
      good: 'create table shop.books (id bigint primary key);',
    },
    {
      given: 'create schema shop;\ncreate table shop.books (id bigint primary key);',
      bad: `select set_config('search_path', 'shop', true);
create table authors (id bigint primary key);`,
      good: `select pg_catalog.set_config('search_path', '', true);
create table shop.authors (id bigint primary key);`,
    },
  ],
  *check(fact, context) {
    if (fact.setting !== 'search_path' || fact.value === '' || isServerDefault(fact) || isDump(context)) return
    if (fact.value === undefined && fact.computed !== true) return
    yield {
      at: fact.span,
      message:
        fact.value === undefined
          ? 'Bare names below are looked up in schemas that are known only when this runs.'
          : `Bare names below are looked up in ${fact.value}, and a table of the same name elsewhere is not found or found first.`,
      instead: `-- write the schema with each name, such as:\nalter table ${fact.value?.split(',')[0]?.trim() ?? 'schema'}.table_name …;`,
    }
  },
})
