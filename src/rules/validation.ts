import type { Effect } from '../model/effect.ts'
import type { ValidateConstraint } from '../model/fact.ts'
import { blocksWrites } from '../model/lock.ts'
import type { Constraint } from '../model/schema.ts'
import { addedBy } from './brought-constraints.ts'
import type { RuleContext } from './rule.ts'
import { sameName } from './same-name.ts'

/** A VALIDATE that reads every row while its own transaction keeps writers out of a table that it concerns. */
export interface HeldValidation {
  /** Undefined where the history does not show the constraint. */
  readonly constraint: Constraint | undefined
  /** Locks of earlier statements on the table, and on the one that a foreign key references. */
  readonly held: readonly Effect[]
  /** The same transaction added the constraint, so that its own lock is among them. */
  readonly addedInTransaction: boolean
  /** The very same ALTER TABLE added it. */
  readonly addedInStatement: boolean
}

/** VALIDATE is harmless by itself, but not in a transaction that blocks writes already. */
export function heldValidation(fact: ValidateConstraint, context: RuleContext): HeldValidation | undefined {
  if (!context.effects.some(({ scans }) => scans)) return undefined
  const own = addedByStatement(fact, context)
  if (own !== undefined) return own
  const constraint = context.table(fact.table)?.constraints.get(fact.constraint)
  const touched = constraint?.type === 'foreign-key' ? [fact.table, constraint.references] : [fact.table]
  const held = context.transaction.locks.filter(
    (effect) => blocksWrites(effect.lock) && touched.some((name) => sameName(context.schema, name, effect.table)),
  )
  if (held.length === 0) return undefined
  const addedInTransaction = constraint !== undefined && addedBy(constraint, context.transaction.earlier)
  return { constraint, held, addedInTransaction, addedInStatement: false }
}

/** ALTER TABLE takes the lock of its strongest action before it begins, and the scan comes last. */
function addedByStatement(fact: ValidateConstraint, context: RuleContext): HeldValidation | undefined {
  const definition = context.facts
    .flatMap((other) => (other.kind === 'add-constraint' ? [other.constraint] : []))
    .find(({ name }) => name === fact.constraint)
  if (definition === undefined) return undefined
  const isKey = definition.type === 'foreign-key'
  const lock = isKey ? ('SHARE ROW EXCLUSIVE' as const) : ('ACCESS EXCLUSIVE' as const)
  const touched = isKey ? [fact.table, definition.references] : [fact.table]
  return {
    constraint: { ...definition, name: fact.constraint },
    held: touched.map((table) => ({ table, lock, rewrites: false, scans: false })),
    addedInTransaction: true,
    addedInStatement: true,
  }
}
