import { listOf, plural } from '../../../core/text.ts'
import type { BrokenQuery, QueryProof } from '../../../model/query-proof.ts'
import { type QueryEntry, type QueryReport, isBroken } from '../report.ts'

/** `20260101000002 rename_note`. */
export function titleOf({ id, name }: QueryEntry): string {
  return `${id} ${name}`.trim()
}

/** `412 of 431 captured statements of 2026.11.1 checkable, 380 of them untouched`. */
export function coverageText({ captured, checkable, untouched, releases }: QueryProof): string {
  const rest = untouched === 0 ? '' : `, ${untouched} of them untouched by the migration`
  return `${checkable + untouched} of ${plural(captured, 'captured statement')} of ${listOf(releases)} checkable${rest}`
}

/** `after the upgrade: 42703: column "note" does not exist`. */
export function brokenText({ state, error }: BrokenQuery): string {
  return `${state}: ${error}`
}

export function totalText({ entries, server, shadow }: QueryReport): string {
  const asked = entries.filter(({ queries }) => queries !== null)
  const broken = entries.filter(isBroken).length
  const on = server === null ? '' : ` on ${server} (${shadow})`
  const none = entries.length - asked.length
  return [
    `Queries of ${plural(asked.length, 'migration')} checked${on}`,
    broken === 0 ? 'none broken' : `${broken} with broken queries`,
    ...(none === 0 ? [] : [`${none} before any captured release`]),
  ].join(', ')
}

export function missingRolesText({ missingRoles }: QueryProof): string | undefined {
  if (missingRoles.length === 0) return undefined
  return `The scratch server has no role ${listOf(missingRoles)}: what it may do was not checked.`
}
