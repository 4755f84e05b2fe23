import { type JunitCase, junitText } from '../junit-suites.ts'
import type { ProofEntry, ProofReport } from '../report.ts'
import { claims, titleOf } from '../words.ts'

/**
 * JUnit XML: a suite is a migration, a test case is a level of it. What is broken fails, what is not covered is skipped
 * with the reason. A last case, `proof`, fails where the downgrade is not covered to the level that is asked for, or
 * the proof file does not hold.
 */
export function verifyJunit({ entries }: ProofReport): string {
  const suites = entries.map((entry) => ({ title: titleOf(entry), path: entry.path, cases: casesOf(entry) }))
  return junitText('migrate verify', suites)
}

function casesOf({ proof, refused, file }: ProofEntry): readonly JunitCase[] {
  const levels = (proof?.levels ?? []).map(({ level, standing, evidence }) => ({
    name: `${level} ${claims[level]}`,
    standing,
    text: standing === 'proven' && evidence !== '' ? `proven: ${evidence}` : evidence,
  }))
  const problems = [refused, file?.text].filter((text) => text !== undefined)
  const standing = problems.length === 0 ? 'proven' : 'broken'
  return [...levels, { name: 'proof', standing, text: problems.join('\n') }]
}
