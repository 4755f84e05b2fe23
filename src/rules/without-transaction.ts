import type { RuleContext, RuleFinding } from './rule.ts'

/** `sql`, which the server refuses inside a transaction, to paste: with the words that say so where one is open here. */
export function outsideTransaction(sql: string, context: RuleContext): string {
  const where = context.transaction.open ? '-- in a migration of its own:\n-- migrate:up transaction:false\n' : ''
  return `${where}${sql};`
}

/**
 * How `sql`, which the server refuses inside a transaction, takes the place of the statement: as it stands where none
 * is open, else in a migration of its own.
 */
export function mendedOutside(sql: string, context: RuleContext): Pick<RuleFinding, 'rewrite' | 'fix'> {
  return context.transaction.open ? { fix: { kind: 'own-transaction', sql } } : { rewrite: sql }
}
