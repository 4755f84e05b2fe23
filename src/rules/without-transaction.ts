import type { RuleContext } from './rule.ts'

/** `sql`, which the server refuses inside a transaction, to paste: with the words that say so where one is open here. */
export function outsideTransaction(sql: string, context: RuleContext): string {
  const where = context.transaction.open ? '-- in a migration of its own:\n-- migrate:up transaction:false\n' : ''
  return `${where}${sql};`
}

/** A form that the server refuses inside a transaction can replace a statement only where none is open. */
export function runsAlone(context: RuleContext): boolean {
  return !context.transaction.open
}
