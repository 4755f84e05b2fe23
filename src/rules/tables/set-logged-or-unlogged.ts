import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const setLoggedOrUnlogged: Rule = defineRule({
  id: 'set-logged-or-unlogged',
  summary: 'SET LOGGED and SET UNLOGGED write the whole table and its indexes anew while reads and writes wait.',
  severity: 'error',
  hazards: ['rewrites-table', 'blocks-reads', 'blocks-writes', 'loses-data'],
  looksAt: ['change-table'],
  sources: ['pgfence:set-logged-unlogged', 'migrationpilot:MP047'],
  why: `The rows are copied into a new file of the other kind and every index is built again, under ACCESS EXCLUSIVE: all that uses the table waits for as long as the copy takes. SET LOGGED writes all of it to the write-ahead log too. After SET UNLOGGED the rows are gone with the next crash of the server, and standbys lose them at once.`,
  examples: [
    {
      given: 'create unlogged table books (id bigint primary key, title text);',
      bad: 'alter table books set logged;',
      good: 'create table scratch (id bigint primary key);\nalter table scratch set logged;',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter table books set unlogged;',
      good: 'create table scratch (id bigint primary key);\nalter table scratch set unlogged;',
    },
  ],
  *check(fact, context) {
    if (fact.action !== 'set-logged' && fact.action !== 'set-unlogged') return
    if (isPrivate(fact.table, context)) return
    const table = nameText(fact.table)
    const logged = fact.action === 'set-logged'
    const after = logged ? '' : ' Afterwards a crash of the server empties it, and standbys have no rows of it.'
    yield {
      at: fact.span,
      message: `Reads and writes of ${table} wait while all its rows and indexes are written anew.${after}`,
      instead: `-- a table of the wanted kind, filled in batches, that takes over the name at the end:\ncreate ${logged ? '' : 'unlogged '}table ${nameText({ ...fact.table, name: `${fact.table.name}_new` })} (like ${table} including all);`,
    }
  },
})
