import type { DropObject, DropView, Fact } from '../model/fact.ts'
import { nameText } from '../model/name.ts'
import type { Name, ObjectKind } from '../model/name.ts'
import { isCreatedAgain, isCreatedHere } from './created.ts'
import { changeName, contractFile, isPlannedContract } from './planned.ts'
import type { RuleContext, RuleFinding } from './rule.ts'

/**
 * Whether nobody misses what is dropped: this migration made it, makes it again, or is a contract step behind a gate.
 * What CASCADE takes along is another matter.
 */
export function isDropExpected(fact: Fact, object: ObjectKind, name: Name, context: RuleContext): boolean {
  if (isPlannedContract(context) || name.schema === 'pg_temp') return true
  return isCreatedHere(fact, object, name, context) || isCreatedAgain(object, name, context)
}

/** A finding about a plain DROP: how it ends for the running version, and the contract migration to write. */
export function dropFinding(drop: DropObject | DropView, object: string, message: string): RuleFinding {
  const name = drop.kind === 'drop-view' ? drop.view : drop.name
  const sql = `drop ${object} ${nameText(name)};`
  return {
    at: drop.span,
    message,
    instead: contractFile(
      changeName(name, 'drop'),
      [sql],
      ['-- migrate:down', `create ${object} ${nameText(name)} …;`],
    ),
  }
}
