import { ToolkitError } from '../core/errors.ts'
import { suggestion } from '../core/text.ts'
import type { ReleaseContract } from '../model/captured.ts'

/**
 * The contracts of the releases that were asked for, which then count for every migration; all as they are where none was.
 *
 * @throws ToolkitError `command-invalid` for a release that is not captured
 */
export function askedContracts(
  contracts: readonly ReleaseContract[],
  releases: readonly string[] = [],
): readonly ReleaseContract[] {
  if (releases.length === 0) return contracts
  return releases.map((release) => {
    const found = contracts.find((contract) => contract.release === release)
    if (found !== undefined) return { ...found, migration: null }
    throw new ToolkitError({
      code: 'command-invalid',
      message: `Release "${release}" is not captured.`,
      hint: suggestion(
        release,
        contracts.map((contract) => contract.release),
      ),
    })
  })
}
