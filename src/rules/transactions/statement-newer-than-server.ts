import { listOf } from '../../core/text.ts'
import type { Feature } from '../../model/statement.ts'
import { defineRule, nothing } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'

export const statementNewerThanServer: Rule = defineRule({
  id: 'statement-newer-than-server',
  summary: 'The statement uses what only a newer major version of PostgreSQL has, so this server refuses it.',
  severity: 'error',
  hazards: ['fails'],
  looksAt: [
    'create-table',
    'create-table-as',
    'create-index',
    'create-view',
    'add-column',
    'add-constraint',
    'alter-constraint',
    'change-generated',
    'change-table',
    'set-default',
    'set-column-type',
    'insert',
    'update',
    'delete',
    'merge',
    'copy',
    'select',
    'set-setting',
  ],
  sources: ['lockstep:statement-newer-than-server'],
  why: `The files are read with the grammar of the newest version, so syntax that came later than the server passes every check that does not run it. On the server it is a syntax error, or a function that does not exist, in the middle of the migration. The version is that of \`target\` in the configuration; which version brought what was tried out on servers of both. A function of the user's own with the name of a newer one is no newer one.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `merge into books using (values (7, 'Emma')) as wanted (id, title) on books.id = wanted.id
when matched then update set title = wanted.title;`,
      good: `update books set title = 'Emma' where id = 7;`,
      versions: { to: 14 },
      fails: '42601',
    },
    {
      given: 'create table books (id bigint primary key, isbn text);',
      bad: 'create table loans (id uuid primary key default uuidv7());',
      good: 'create table loans (id uuid primary key default gen_random_uuid());',
      versions: { to: 17 },
      fails: '42883',
    },
  ],
  check(fact, context) {
    const { features } = context.statement
    return features === undefined || context.facts[0] !== fact ? nothing : newerThan(context, features)
  },
})

function newerThan(context: RuleContext, features: readonly Feature[]): readonly RuleFinding[] {
  const newer = features.filter(({ name, since }) => since > context.target && !isOwnFunction(name, context))
  const [first] = newer
  if (first === undefined) return nothing
  const version = Math.max(...newer.map(({ since }) => since))
  return [
    {
      at: first.span,
      message: `PostgreSQL ${context.target} has no ${listOf(newer.map(({ name }) => name))}; this needs version ${version}.`,
      instead: `-- say it in the words of PostgreSQL ${context.target}, or, where the server is newer:\n-- "target": ${version} in the configuration`,
    },
  ]
}

function isOwnFunction(feature: string, { schema }: RuleContext): boolean {
  const name = /^(\w+)\(\)$/.exec(feature)?.[1]
  return name !== undefined && schema.function({ name }) !== undefined
}
