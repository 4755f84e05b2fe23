import { quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const dropDatabase: Rule = defineRule({
  id: 'drop-database',
  summary: 'DROP DATABASE removes a whole database for good, at once and outside any transaction.',
  severity: 'error',
  hazards: ['loses-data', 'breaks-running-version'],
  looksAt: ['drop-object'],
  sources: [
    'squawk:ban-drop-database',
    'pgfence:drop-database',
    'postgres-language-server:banDropDatabase',
    'migrationpilot:MP034',
  ],
  why: `All files of the database are removed from the disk; nothing can be rolled back, and only a backup brings anything back. It cannot be the database that the migration is connected to, so a migration of one application deletes what belongs to another. WITH (FORCE) ends the sessions that still use it. No history and no gate makes this right in a migration; it is done by hand.`,
  examples: [
    {
      given: 'create table books (id bigint primary key);',
      bad: 'drop database if exists library_of_2020;',
      good: "comment on table books is 'Was in the database library_of_2020 before.';",
      transaction: false,
    },
    {
      given: 'create table books (id bigint primary key);',
      bad: 'drop database library_of_2020 with (force);',
      good: "comment on table books is 'Was in the database library_of_2020 before.';",
      transaction: false,
      fails: '3D000',
    },
  ],
  *check(drop) {
    if (drop.object !== 'database') return
    yield {
      at: drop.span,
      message: `The database ${quoteName(drop.name.name)} is lost with everything in it, and nothing of that can be rolled back.`,
      instead: `-- take it out of the migration; when nobody uses the database any more, by hand:\n-- dropdb ${drop.name.name}`,
    }
  },
})
