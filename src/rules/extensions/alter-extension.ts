import { quoteLiteral, quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const alterExtension: Rule = defineRule({
  id: 'alter-extension',
  summary: 'The update of an extension runs a script that nobody here has read, and there is no way back.',
  severity: 'info',
  hazards: ['not-understood', 'breaks-running-version'],
  looksAt: ['alter-extension'],
  sources: [
    'pg-schema-diff:UPGRADING_EXTENSION_VERSION',
    'pg-schema-diff:HAS_UNTRACKABLE_DEPENDENCIES',
    'migrationpilot:MP078',
  ],
  why: `The script is a part of the extension's files: it may drop and make functions, change types that columns use, or rewrite tables, and what it locks is not known here. Most extensions have no script back to the older version. Without TO the newest version on the server is taken, which may be another one on each server. Read the extension's notes, and try the update on a copy.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter extension plpgsql update;',
      good: `create extension if not exists plpgsql version '1.0';`,
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `alter extension plpgsql update to '1.0';`,
      good: `comment on table books is 'plpgsql is at 1.0.';`,
    },
  ],
  *check(fact) {
    const name = quoteName(fact.extension)
    const to = fact.version === undefined ? 'the newest version on the server' : quoteLiteral(fact.version)
    yield {
      at: fact.span,
      message: `What the script from the installed version of ${name} to ${to} locks, changes or drops is not known.`,
      instead: `-- when you have read the extension's notes, by its version:\nalter extension ${name} update to '…';\n-- migrate:allow alter-extension because <reason>`,
    }
  },
})
