import type { Finding } from '../model/finding.ts'
import type { FixInput, FixPlan, FixState, LeftFinding } from './fix.ts'
import { isFixable, mend } from './mend.ts'
import { prove } from './prove.ts'

/**
 * Mends one finding after the other, each on what the one before has left, so that no two edits meet. Every step is
 * proved before the next; what cannot be proved harmless is left, and it is said why. Writes nothing.
 */
export async function planFixes(input: FixInput): Promise<FixPlan> {
  const fixed: Finding[] = []
  const left = new Map<string, LeftFinding>()
  let { state } = input
  for (let next = nextOf(state, left); next !== undefined; next = nextOf(state, left)) {
    const mending = mend(next, state, input)
    const proof = 'reason' in mending ? mending : await prove(next, mending, state, input)
    if ('state' in proof) {
      fixed.push(next)
      state = proof.state
    } else left.set(next.fingerprint, { finding: next, reason: proof.reason })
  }
  const known = new Set(input.state.migrations.map(({ id }) => id))
  const asked = new Set([...input.asked, ...state.migrations.flatMap(({ id }) => (known.has(id) ? [] : [id]))])
  const now = new Set(state.findings.map(({ fingerprint }) => fingerprint))
  return {
    files: state.files,
    fixed,
    left: [...left.values()].filter(({ finding }) => now.has(finding.fingerprint)),
    report: input.judge(state.migrations, asked),
  }
}

function nextOf({ findings }: FixState, left: ReadonlyMap<string, LeftFinding>): Finding | undefined {
  return findings.find((finding) => isFixable(finding) && !left.has(finding.fingerprint))
}
