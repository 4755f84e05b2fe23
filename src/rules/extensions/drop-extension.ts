import { quoteName } from '../../model/name.ts'
import { dropFinding, isDropExpected } from '../dropped.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const dropExtension: Rule = defineRule({
  id: 'drop-extension',
  summary: 'Dropping an extension takes its functions, types and operators from the running version.',
  severity: 'error',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['drop-object'],
  sources: ['lockstep:drop-extension'],
  why: `Everything that the extension brought is dropped with it, and every query that calls one of its functions or operators fails. The server refuses while columns, indexes or defaults use something of it (SQLSTATE 2BP01); what the application's queries and bodies of functions use it does not know. To make it again needs the right to create extensions, and its files on the server.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'drop extension if exists pg_trgm;',
      good: `-- migrate:change trigrams-drop
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
drop extension if exists pg_trgm;

-- migrate:down none because nothing uses it any more`,
    },
    {
      given: 'create function f() returns void language plpgsql as $$ begin end $$;',
      bad: 'drop extension plpgsql;',
      good: `create extension if not exists plpgsql version '1.0';`,
      fails: '2BP01',
    },
  ],
  *check(drop, context) {
    if (drop.object !== 'extension' || drop.cascade || isDropExpected(drop, 'extension', drop.name, context)) return
    const name = quoteName(drop.name.name)
    const message = `Every query of the running version that uses a function, type or operator of the extension ${name} fails.`
    yield dropFinding(drop, 'extension', message)
  },
})
