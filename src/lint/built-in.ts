import type { Hazard } from '../model/effect.ts'
import type { Severity } from '../model/finding.ts'

/** What the engine itself has to say; each has a page beside those of the rules. */
export interface BuiltInRule {
  readonly id: BuiltInId
  readonly summary: string
  readonly severity: Severity
  readonly hazards: readonly Hazard[]
  readonly why: string
}

export type BuiltInId = 'syntax-error' | 'transaction-control' | 'missing-down' | 'unused-allow' | 'phase-mismatch'

export const builtInRules: readonly BuiltInRule[] = [
  {
    id: 'syntax-error',
    summary: 'The server’s own grammar refuses the statement.',
    severity: 'error',
    hazards: ['fails'],
    why:
      'The file is read with the grammar of PostgreSQL itself, so what is refused here fails on the server too, and in ' +
      'the middle of a migration. Nothing can be said about what the statement would do; the statements around it are ' +
      'judged as usual.',
  },
  {
    id: 'transaction-control',
    summary: 'A migration begins or ends a transaction itself.',
    severity: 'error',
    hazards: ['fails'],
    why:
      'The runner wraps each migration in a transaction, with the row that says it is applied. A COMMIT inside would end ' +
      'that one early: what comes after it could no longer be rolled back, and a failure would leave half of the ' +
      'migration behind with nothing written down. So `migrate up` refuses such a file before anything runs.',
  },
  {
    id: 'missing-down',
    summary: 'A migration has no downgrade, and does not say that there is none.',
    severity: 'warning',
    hazards: [],
    why:
      'When the release fails there is nothing to run, and whoever writes the downgrade then does it in a hurry and ' +
      'unproven. A step that really cannot be taken back says so with a reason, and is then listed as a point of no ' +
      'return; `up --safe` refuses what is neither proven nor declared.',
  },
  {
    id: 'unused-allow',
    summary: 'A `-- migrate:allow` that silences nothing.',
    severity: 'warning',
    hazards: [],
    why:
      'The exception outlived its reason: the statement was changed, or the rule no longer reports it. Left in place it ' +
      'would silence the next real finding without anyone having decided that.',
  },
  {
    id: 'phase-mismatch',
    summary: 'A migration does what does not belong into its phase.',
    severity: 'warning',
    hazards: ['breaks-running-version'],
    why:
      'An expand migration runs before the new version of the software is rolled out, a backfill beside it and a contract ' +
      'after the old version is gone. A statement in the wrong phase runs at the wrong time: what takes something away ' +
      'in an expand migration breaks the version that is still running, and what adds something in a contract migration ' +
      'arrives after the version that needs it.',
  },
]

/** @throws never: every id of the union is in the list above, which the test of this file holds to. */
export function builtInRule(id: BuiltInId): BuiltInRule {
  const rule = builtInRules.find((candidate) => candidate.id === id)
  return rule ?? { id, summary: id, severity: 'error', hazards: [], why: '' }
}
