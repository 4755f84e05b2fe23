import type { ProofEntry, ProofReport } from '../report.ts'
import { pointsOfNoReturn } from '../words.ts'

/** The stable form, version 1; a key that has no value is left out. */
export function verifyJson({ entries, ...report }: ProofReport): object {
  const { server, shadow, hides, passedOver, unable, obsolete, written, removed } = report
  const broken = entries.filter(({ proof }) => proof?.levels.some(({ standing }) => standing === 'broken') === true)
  return {
    version: 1,
    server,
    shadow,
    hides,
    passedOver,
    unable,
    broken: broken.length,
    pointsOfNoReturn: pointsOfNoReturn(entries),
    results: entries.map(resultOf),
    obsolete,
    written,
    removed,
  }
}

function resultOf({ seen, ...entry }: ProofEntry): object {
  const { id, name, path, from, refused, file, proof } = entry
  return { id, name, path, from, refused, file, proof, ...seen }
}
