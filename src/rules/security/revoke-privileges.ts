import { listOf } from '../../core/text.ts'
import type { Grant } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, sameName } from '../same-name.ts'

export const revokePrivileges: Rule = defineRule({
  id: 'revoke-privileges',
  summary: 'REVOKE takes a right that the running version may use: its queries then fail with “permission denied”.',
  severity: 'warning',
  preset: 'strict',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['grant'],
  sources: ['migrationpilot:MP091', 'pg-schema-diff:AUTHZ_UPDATE'],
  why: `Rights are looked up with every statement, so the change holds for sessions that are connected already, from the commit on (SQLSTATE 42501). Which role uses which right cannot be seen in migrations, so the rule is asked for in the preset strict only. Rights on what this migration makes, and rights that it grants to the same role again, are not reported, and neither is a contract step behind a gate.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);\ngrant select, update on books to public;',
      bad: 'revoke update on books from public;',
      good: `revoke all on books from public;
grant select, update on books to public;`,
    },
    {
      given: `create schema shop;
create table shop.books (id bigint primary key, title text);`,
      bad: 'revoke all on all tables in schema shop from public;',
      good: `create table shop.drafts (id bigint primary key);
revoke all on shop.drafts from public;`,
    },
  ],
  *check(fact, context) {
    if (!fact.revoke || isPlannedContract(context) || isOwn(fact, context)) return
    const roles = fact.grantees.filter((grantee) => !isGrantedAgain(grantee, fact, context))
    if (roles.length === 0) return
    const rights =
      fact.privileges.length === 0 ? 'every right' : listOf(fact.privileges.map((right) => right.toUpperCase()))
    const from = listOf(roles.map((role) => (role === 'public' ? 'PUBLIC' : quoteName(role))))
    const what = fact.object === 'role' ? 'the membership in' : `${rights} on`
    const where = `${fact.allInSchema ? 'all objects in ' : ''}${listOf(fact.names.map(nameText))}`
    yield {
      at: fact.span,
      message: `${from} lose${roles.length === 1 ? 's' : ''} ${what} ${where}: a running version that needs it fails from the commit on.`,
      instead: `-- in a contract migration behind a gate, when no version needs it any more:\n${context.statement.sql};`,
    }
  },
})

/** On things that are new here. Functions get EXECUTE for everybody when they are made, which is taken away at once. */
function isOwn(fact: Grant, context: RuleContext): boolean {
  if (fact.allInSchema) return false
  return fact.names.every((name) => {
    if (fact.object === 'table' || fact.object === 'sequence') return isPrivate(name, context)
    return context.statements.some((statement) =>
      statement.facts.some(
        (other) =>
          (other.kind === 'create-function' && sameName(context.schema, other.function, name)) ||
          (other.kind === 'create-schema' && other.schema === name.name),
      ),
    )
  })
}

function isGrantedAgain(grantee: string, fact: Grant, context: RuleContext): boolean {
  return context.later.some(
    (later) =>
      later.kind === 'grant' &&
      !later.revoke &&
      later.grantees.includes(grantee) &&
      later.names.some((name) => fact.names.some((other) => sameName(context.schema, name, other))),
  )
}
