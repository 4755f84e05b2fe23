import type { RenameTable } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import { isReplacedByView } from '../created.ts'
import { isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const renameTable: Rule = defineRule({
  id: 'rename-table',
  summary: 'Renaming a table breaks every query of the running version, unless a view takes over the old name at once.',
  severity: 'error',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['rename-table'],
  sources: [
    'squawk:renaming-table',
    'strong_migrations:rename_table',
    'online_migrations:rename_table',
    'pgfence:rename-table',
    'atlas:BC101',
    'postgres-language-server:renamingTable',
    'migrationpilot:MP028',
  ],
  why: `The rename changes one row of the catalogue, and from the commit on each query that uses the old name fails. A view with the old name that selects everything from the new one is updatable without further help, so the running version goes on reading and writing through it; it must be created in the same transaction, or there is a moment without either. The view goes when no version uses the old name. In a migration that declares itself a contract step and waits behind a gate the rule is silent.`,
  examples: [
    {
      given: 'create table books (id int primary key, title text);',
      bad: 'alter table books rename to titles;',
      good: 'alter table books rename to titles;\ncreate view books as select * from titles;',
    },
    {
      given: 'create table books (id int primary key, title text);',
      bad: 'alter table if exists books rename to "Titles";',
      good: 'create table drafts (id bigint primary key);\nalter table drafts rename to notes;',
    },
  ],
  *check(rename, context) {
    if (isPrivate(rename.table, context) || isPlannedContract(context)) return
    // ALTER TABLE renames indexes too, and no query names an index.
    if (context.schema.index(rename.table) !== undefined) return
    // Resolved before the rename: later the old name is free and the new one is taken.
    const old = context.schema.resolve(rename.table)
    if (isReplacedByView(old, { schema: old.schema, name: rename.to }, context)) return
    const table = nameText(rename.table)
    yield {
      at: rename.span,
      message: `Every query of the running version that uses ${table} fails from the moment this commits.`,
      instead: `-- both in one transaction:\nalter table ${table} rename to ${quoteName(rename.to)};\ncreate view ${table} as select * from ${nameText(renamed(rename))};`,
    }
  },
})

function renamed(rename: RenameTable): Name {
  return rename.table.schema === undefined ? { name: rename.to } : { schema: rename.table.schema, name: rename.to }
}
