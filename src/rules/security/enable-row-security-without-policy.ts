import type { ChangeTable, DropObject } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, sameName } from '../same-name.ts'

export const enableRowSecurityWithoutPolicy: Rule = defineRule({
  id: 'enable-row-security-without-policy',
  summary:
    'Row security without a policy hides every row from the running version and refuses everything that it writes.',
  severity: 'error',
  hazards: ['breaks-running-version'],
  looksAt: ['change-table', 'drop-object'],
  sources: [
    'migrationpilot:MP057',
    'postgres-language-server:rlsEnabledNoPolicy',
    'pg-schema-diff:AUTHZ_UPDATE',
    'migrationpilot:MP079',
  ],
  why: `With row security on, a role sees the rows that some policy allows; where there is no policy there are no rows, and an INSERT fails with SQLSTATE 42501. Nothing says so: a SELECT is empty. Owners and superusers pass by policies unless FORCE is set, so tests as the owner do not show it. The policies must be there before, or come in the same transaction. Where the history does not know the table it may have policies, and the finding is a warning.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, tenant text);',
      bad: 'alter table books enable row level security;',
      good: `create policy own_books on books using (tenant = current_user);
alter table books enable row level security;`,
    },
    {
      given: `create table books (id bigint primary key, tenant text);
create policy own_books on books using (tenant = current_user);
alter table books enable row level security;`,
      bad: 'drop policy own_books on books;',
      good: `drop policy own_books on books;
create policy tenant_books on books using (tenant = current_user);`,
    },
  ],
  *check(fact, context) {
    const table = subject(fact, context)
    if (table === undefined || isPrivate(table, context) || getsPolicy(table, context)) return
    const known = context.table(table)
    if ((known?.policies.size ?? 0) > (fact.kind === 'drop-object' ? 1 : 0)) return
    const name = nameText(table)
    yield {
      at: fact.span,
      ...(known === undefined ? { severity: 'warning' as const } : {}),
      message: `No policy is left on ${name}: roles other than its owner see no row of it, and what they insert is refused.`,
      instead: `create policy … on ${name} using (…);\nalter table ${name} enable row level security;`,
    }
  },
})

/** The table that is left with row security and, perhaps, without a policy. */
function subject(fact: ChangeTable | DropObject, context: RuleContext): Name | undefined {
  if (fact.kind === 'change-table')
    return fact.action === 'enable-row-security' || fact.action === 'force-row-security' ? fact.table : undefined
  if (fact.object !== 'policy' || fact.table === undefined) return undefined
  const table = context.table(fact.table)
  return table?.rowSecurity === true && table.policies.has(fact.name.name) ? fact.table : undefined
}

/** A policy, or the end of row security, in the same transaction. */
function getsPolicy(table: Name, context: RuleContext): boolean {
  if (!context.transaction.open) return false
  for (const later of context.later) {
    if (later.kind === 'transaction' && (later.action === 'commit' || later.action === 'rollback')) return false
    if (later.kind !== 'create-policy' && later.kind !== 'change-table') continue
    if (later.kind === 'change-table' && later.action !== 'disable-row-security') continue
    if (sameName(context.schema, later.table, table)) return true
  }
  return false
}
