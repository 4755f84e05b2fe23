import type { PolicyClause } from '../../../model/facts/objects.ts'
import type { NodeOf } from '../grammar.ts'
import { usesOfConditions } from '../uses.ts'
import type { Uses } from '../uses.ts'

type Policy = Pick<NodeOf<'CreatePolicyStmt'>, 'table' | 'qual' | 'with_check'>

/** What the conditions of a policy use, and which of them use anything. */
export function policyConditions(policy: Policy): Uses & { readonly clauses?: readonly PolicyClause[] } {
  const { table, qual, with_check: check } = policy
  const uses = usesOfConditions(table, qual, check)
  const clauses = statedClauses(policy).filter((clause) => {
    const own = usesOfConditions(table, clause === 'using' ? qual : check)
    return own.uses !== undefined || own.calls !== undefined
  })
  return clauses.length === 0 ? uses : { ...uses, clauses }
}

export function statedClauses({
  qual,
  with_check: check,
}: Pick<Policy, 'qual' | 'with_check'>): readonly PolicyClause[] {
  const using: readonly PolicyClause[] = qual === undefined ? [] : ['using']
  return check === undefined ? using : [...using, 'with check']
}
