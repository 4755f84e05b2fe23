import { sha256 } from '../../core/hash.ts'
import type { PlannedRun } from '../../model/planned-run.ts'

/** Over everything in a plan but the digest itself, so that nothing in it can be changed without notice. */
export function digestOf({ digest: _digest, ...rest }: PlannedRun): string {
  return sha256(JSON.stringify(rest), 'hex')
}

/** The plan with its digest in its place. */
export function sealed(plan: Omit<PlannedRun, 'digest'>): PlannedRun {
  const { version, kind, ...rest } = plan
  const open: PlannedRun = { version, kind, digest: '', ...rest }
  return { ...open, digest: digestOf(open) }
}

/** Characters of a digest that people compare. */
const shownLength = 12

/** `3f2a9c0b71de`: enough for people. */
export function shortDigest(digest: string): string {
  return digest.slice(0, shownLength)
}
