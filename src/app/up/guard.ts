import { type Place, destroys, guardRefusal, isGuarded } from '../../run/place.ts'
import type { RunMigration } from '../../run/run-migration.ts'
import { up } from '../../run/up.ts'
import type { UpInput } from '../../run/up.ts'

/** The same run, which begins nothing that destroys where nobody named the label; a dry run only warns of it. */
export function guardedInput(input: UpInput, place: Place): UpInput {
  if (!isGuarded(place)) return input
  const mayApply = (migration: RunMigration): void => {
    const why = destroys(migration)
    const refusal = why && guardRefusal(place, `${migration.id} (${migration.name})`, why)
    if (!refusal) return
    if (input.options?.dryRun !== true) throw refusal
    input.onEvent?.({ kind: 'warning', message: refusal.message })
  }
  return { ...input, mayApply }
}

/**
 * Refuses before anything is changed where a guarded run would come to something that destroys. The run itself asks
 * again before each migration, should a gate open in between.
 *
 * @throws ToolkitError `label-needed`, and what `up` throws
 */
export async function refuseGuarded(input: UpInput): Promise<void> {
  if (input.mayApply === undefined) return
  await up({ ...input, onEvent: undefined, options: { ...input.options, dryRun: true } })
}
