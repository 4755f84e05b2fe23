import { listOf } from '../../core/text.ts'
import type { AlterPublication, DropObject } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { isCreatedHere } from '../created.ts'
import { isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { sameName, shortName } from '../same-name.ts'

export const changePublication: Rule = defineRule({
  id: 'change-publication',
  summary: 'A table that leaves a publication stops at its subscribers, without an error anywhere.',
  severity: 'error',
  direction: 'up',
  hazards: ['loses-data', 'breaks-running-version'],
  looksAt: ['alter-publication', 'drop-object'],
  sources: ['lockstep:change-publication'],
  why: `Subscribers, change-data feeds and upgrades by replication get what the publication lists. After DROP TABLE, a SET TABLE that leaves a table out, or DROP PUBLICATION nothing more of the table is sent, and what is written until it comes back is missing for good: the subscriber has to copy the table anew. A table that is added is sent only when the subscriber refreshes its subscription. A contract step behind a gate is not reported, and neither is a publication that this migration makes.`,
  examples: [
    {
      given: `create table books (id bigint primary key, title text);
create table genres (id bigint primary key, name text);
create publication feed for table books, genres;`,
      bad: 'alter publication feed drop table genres;',
      good: 'create table loans (id bigint primary key);\nalter publication feed add table loans;',
    },
    {
      given: `create table books (id bigint primary key, title text);
create table genres (id bigint primary key, name text);
create publication feed for table books, genres;`,
      bad: 'alter publication feed set table books;',
      good: 'alter publication feed set table genres, books;',
    },
    {
      given: 'create table books (id bigint primary key, title text);\ncreate publication feed for table books;',
      bad: 'drop publication feed;',
      good: `-- migrate:change feed-drop
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
drop publication feed;

-- migrate:down
create publication feed for table books;`,
    },
  ],
  *check(fact, context) {
    if (isPlannedContract(context)) return
    const publication = fact.kind === 'drop-object' ? fact.name.name : fact.publication
    if (fact.kind === 'drop-object' && fact.object !== 'publication') return
    if (isCreatedHere(fact, 'publication', { name: publication }, context)) return
    const gone = leaving(fact, context)
    if (gone === undefined) return
    yield {
      at: fact.span,
      message: `Subscribers of ${quoteName(publication)} get nothing more of ${gone}, and nothing tells them.`,
      instead: `-- in a contract migration behind a gate, when no subscriber needs it any more:\n${context.statement.sql};`,
    }
  },
})

/** What is not sent any more; undefined where nothing leaves. */
function leaving(fact: AlterPublication | DropObject, context: RuleContext): string | undefined {
  if (fact.kind === 'drop-object') return 'any of its tables'
  if (fact.action === 'drop') {
    const named = [...fact.tables.map(nameText), ...fact.schemas.map((schema) => `the schema ${quoteName(schema)}`)]
    return listOf(named)
  }
  if (fact.action !== 'set') return undefined
  const before = context.schema.publication(fact.publication)
  if (before === undefined) return 'what the new list leaves out'
  const lost = before.tables.filter((table) => !fact.tables.some((kept) => sameName(context.schema, kept, table)))
  return lost.length === 0 ? undefined : listOf(lost.map((table) => shortName(context.schema, table)))
}
