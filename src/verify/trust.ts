import { levels } from '../model/proof.ts'
import type { Level, Proof } from '../model/proof.ts'

/** Why a proof is not enough. */
export interface Shortfall {
  readonly broken: boolean
  /** What follows `The downgrade of … `, with the evidence: `is not proven to level D2. D1 not covered: …`. */
  readonly text: string
}

/**
 * What keeps a proof from covering a downgrade: anything in it that is broken, at whatever level, or a level below the
 * one that is `wanted`. Undefined: it is covered, or declared that there is none.
 */
export function shortfall({ level, levels: judged, irreversible }: Proof, wanted: Level): Shortfall | undefined {
  const failed = judged.find(({ standing }) => standing === 'broken')
  if (failed !== undefined) return { broken: true, text: `is broken. ${failed.level} broken: ${failed.evidence}` }
  if (irreversible !== null || (level !== null && levels.indexOf(level) >= levels.indexOf(wanted))) return undefined
  const open = judged.find(({ standing }) => standing !== 'proven')
  const missing = level === null ? levels[0] : levels[levels.indexOf(level) + 1]
  const evidence =
    open === undefined ? `${missing} not covered: nothing was judged.` : `${open.level} not covered: ${open.evidence}`
  return { broken: false, text: `is not proven to level ${wanted}. ${evidence}` }
}
