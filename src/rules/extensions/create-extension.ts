import { quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const createExtension: Rule = defineRule({
  id: 'create-extension',
  summary: 'An extension without a version is another one on every server, and may not be allowed at all.',
  severity: 'info',
  preset: 'strict',
  hazards: ['fails', 'not-repeatable'],
  looksAt: ['create-extension'],
  sources: ['pg-schema-diff:HAS_UNTRACKABLE_DEPENDENCIES', 'migrationpilot:MP073', 'migrationpilot:MP078'],
  why: `Without VERSION the server takes the one that its own files call the default, so the functions of a test server and of production may differ, and IF NOT EXISTS accepts any version that is there. Extensions that are not trusted need a superuser or the provider's own role, and files that must be on the server first. With a version the migration fails where it differs, instead of later.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'create extension if not exists plpgsql;',
      good: `create extension if not exists plpgsql version '1.0';`,
    },
    {
      given: 'create schema tools;',
      bad: 'create extension if not exists plpgsql with schema tools;',
      good: `create extension if not exists plpgsql with schema tools version '1.0';`,
    },
  ],
  *check(fact) {
    if (fact.version !== undefined) return
    const name = quoteName(fact.extension)
    yield {
      at: fact.span,
      message: `Which version of ${name} this makes depends on the server that it runs on.`,
      instead: `create extension ${fact.ifNotExists ? 'if not exists ' : ''}${name} version '…';`,
    }
  },
})
