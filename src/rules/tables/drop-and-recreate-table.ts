import type { Fact } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import { creates } from '../created.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { earlierFacts, sameName } from '../same-name.ts'

export const dropAndRecreateTable: Rule = defineRule({
  id: 'drop-and-recreate-table',
  summary: 'A table that is dropped and created again comes back empty, without its rights, policies and references.',
  severity: 'error',
  direction: 'up',
  hazards: ['loses-data', 'breaks-running-version'],
  looksAt: ['create-table', 'create-table-as'],
  sources: ['strong_migrations:create_table', 'online_migrations:create_table', 'squawk:ban-drop-table'],
  why: `DROP TABLE … ; CREATE TABLE … looks like a change of the table, and is the loss of all its rows: the new table only has the name of the old one. Grants, policies, triggers, comments and the foreign keys of other tables went with the old table and are not made again. A change of the table in place keeps all of them; where the rows really may go, dropping is a step of its own. The drop itself is reported by drop-table.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'drop table if exists books;\ncreate table books (id bigint, title text, isbn text);',
      good: 'alter table books add column isbn text;',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'drop table books;\ncreate table books as select 1 as id;',
      good: 'create temporary table found (id int);\ndrop table found;\ncreate temporary table found (id bigint, title text);',
    },
  ],
  *check(fact, context) {
    if (fact.temporary) return
    const earlier = earlierFacts(fact, context)
    const at = earlier.findLastIndex((other) => isDropOf(fact, other, context))
    if (at === -1) return
    // What this migration had made before held nothing that anyone misses.
    if (earlier.slice(0, at).some((other) => creates(other, 'table', fact.table, context))) return
    const table = nameText(fact.table)
    yield {
      at: fact.span,
      message: `${table} comes back empty: its rows are lost with the DROP TABLE before, and so are its grants, policies, triggers and the foreign keys that pointed at it.`,
      instead: `-- change the table in place:\nalter table ${table} add column …;`,
    }
  },
})

function isDropOf(
  created: { readonly table: Parameters<typeof nameText>[0] },
  fact: Fact,
  context: RuleContext,
): boolean {
  return fact.kind === 'drop-table' && sameName(context.schema, fact.table, created.table)
}
