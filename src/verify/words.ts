import { plural } from '../core/text.ts'
import type { Level, Proof } from '../model/proof.ts'
import type { ProofEntry, ProofReport } from './report.ts'

/** What each level claims, in one line. */
export const claims: Readonly<Record<Level, string>> = {
  D0: 'touches only what the upgrade touched',
  D1: 'runs, up, down and up again, on rows',
  D2: 'gives the schema back',
  D3: 'gives the data back',
  D4: 'keeps what was written since',
  D5: 'answers the old queries as before',
}

/** What a proof comes to. */
export function verdictOf({ level, levels, irreversible }: Proof): string {
  const broken = levels.find(({ standing }) => standing === 'broken')
  if (broken !== undefined) return `broken at level ${broken.level}`
  if (irreversible !== null) return 'declared irreversible'
  return level === null ? 'no level is proven' : `downgrade proven to level ${level}`
}

/** `20260101000001 step_1`. */
export function titleOf({ id, name }: ProofEntry): string {
  return `${id} ${name}`.trim()
}

/** Whether anything in a proof is broken. */
export function isBroken({ proof }: ProofEntry): boolean {
  return proof?.levels.some(({ standing }) => standing === 'broken') === true
}

/** `2 migrations verified on PostgreSQL 18.4 (local PostgreSQL 18.4), 298 unchanged, 1 broken`. */
export function totalWords({ entries, server, shadow }: ProofReport): string {
  const made = entries.filter(({ from, proof }) => from === 'run' && proof !== undefined).length
  const kept = entries.filter(({ from }) => from === 'file').length
  const broken = entries.filter(isBroken).length
  const short = entries.filter((entry) => entry.refused !== undefined && entry.proof !== undefined && !isBroken(entry))
  const on = server === null ? '' : ` on ${server} (${shadow})`
  return [
    ...(made > 0 || kept === 0 ? [`${plural(made, 'migration')} verified${on}`] : []),
    ...(kept > 0 ? [`${made > 0 ? kept : plural(kept, 'migration')} unchanged since verified`] : []),
    broken === 0 ? 'none broken' : `${broken} broken`,
    ...(short.length > 0 ? [`${short.length} not covered`] : []),
  ].join(', ')
}

/** Migrations that are declared to have no downgrade, in their order. */
export function pointsOfNoReturn(
  entries: readonly ProofEntry[],
): readonly { readonly id: string; readonly name: string; readonly reason: string }[] {
  return entries.flatMap(({ id, name, proof }) => {
    const reason = proof?.irreversible ?? null
    return reason === null ? [] : [{ id, name, reason }]
  })
}
