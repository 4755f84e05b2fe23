import type { Fact } from '../model/fact.ts'
import type { RuleContext } from './rule.ts'
import { earlierFacts } from './same-name.ts'

/** Whether the file itself lets a statement give up waiting for a lock: the last `SET lock_timeout` before it is not 0. */
export function hasLockTimeout(fact: Fact, context: RuleContext): boolean {
  const last = earlierFacts(fact, context).findLast(
    (earlier) => earlier.kind === 'set-setting' && earlier.setting === 'lock_timeout',
  )
  if (last?.kind !== 'set-setting' || last.value === undefined) return false
  return !/^0+\D*$/.test(last.value)
}
