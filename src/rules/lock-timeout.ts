import type { RuleContext } from './rule.ts'

/** Whether a statement gives up waiting for a lock: the section set a limit, or the runner of its layout sets one. */
export function hasLockTimeout({ settings, migration }: RuleContext): boolean {
  const set = settings.get('lock_timeout')
  if (set !== undefined) return set.computed || (set.milliseconds ?? 0) > 0
  return migration.runnerSets?.includes('lock_timeout') === true
}
