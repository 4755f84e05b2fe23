import type { CreateView, Fact } from '../model/fact.ts'
import type { Name, ObjectKind } from '../model/name.ts'
import type { RuleContext } from './rule.ts'
import { earlierFacts, sameName } from './same-name.ts'

/** An object that a statement makes. Functions and procedures are told apart by their names alone. */
interface Created {
  readonly object: ObjectKind
  readonly name: Name
  /** The table of a trigger. */
  readonly table?: Name
}

function createdBy(fact: Fact): Created | undefined {
  switch (fact.kind) {
    case 'create-table':
    case 'create-table-as':
      return { object: 'table', name: fact.table }
    case 'create-view':
      return { object: fact.materialized ? 'materialized-view' : 'view', name: fact.view }
    case 'create-type':
      return { object: 'type', name: fact.type }
    case 'create-domain':
      return { object: 'domain', name: fact.domain }
    case 'create-function':
      return { object: fact.procedure ? 'procedure' : 'function', name: fact.function }
    case 'create-sequence':
      return { object: 'sequence', name: fact.sequence }
    case 'create-schema':
      return { object: 'schema', name: { name: fact.schema } }
    case 'create-extension':
      return { object: 'extension', name: { name: fact.extension } }
    case 'create-trigger':
      return { object: 'trigger', name: { name: fact.trigger }, table: fact.table }
    case 'create-object':
      return { object: fact.object, name: fact.name }
    case 'create-publication':
      return { object: 'publication', name: { name: fact.publication } }
    default:
      return undefined
  }
}

/** Whether the fact makes that very object. */
export function creates(fact: Fact, object: ObjectKind, name: Name, context: RuleContext, table?: Name): boolean {
  const made = createdBy(fact)
  if (made === undefined || made.object !== object) return false
  if (table === undefined) return sameName(context.schema, made.name, name)
  return made.name.name === name.name && made.table !== undefined && sameName(context.schema, made.table, table)
}

/** Whether an earlier statement of this migration made the object, so that no running version knows it. */
export function isCreatedHere(fact: Fact, object: ObjectKind, name: Name, context: RuleContext, table?: Name): boolean {
  return earlierFacts(fact, context).some(
    (earlier) =>
      creates(earlier, object, name, context, table) && !('ifNotExists' in earlier && earlier.ifNotExists === true),
  )
}

/** Whether a later statement of this migration makes an object of that kind and name again. */
export function isCreatedAgain(object: ObjectKind, name: Name, context: RuleContext, table?: Name): boolean {
  return context.later.some((later) => creates(later, object, name, context, table))
}

/** Whether a later statement of the same transaction makes a view under `old` that reads `fresh`. */
export function isReplacedByView(old: Required<Name>, fresh: Required<Name>, context: RuleContext): boolean {
  return viewInItsPlace(old, fresh, context) !== undefined
}

/** The view that a later statement of the same transaction makes under `old`, and that reads `fresh`. */
export function viewInItsPlace(
  old: Required<Name>,
  fresh: Required<Name>,
  context: RuleContext,
): CreateView | undefined {
  if (!context.transaction.open) return undefined
  for (const fact of context.later) {
    if (fact.kind === 'transaction' && (fact.action === 'commit' || fact.action === 'rollback')) return undefined
    if (fact.kind !== 'create-view' || fact.materialized || !sameName(context.schema, fact.view, old)) continue
    const reads = fact.reads.some(
      (use) => use.table.name === fresh.name && (use.table.schema ?? fresh.schema) === fresh.schema,
    )
    return reads ? fact : undefined
  }
  return undefined
}
