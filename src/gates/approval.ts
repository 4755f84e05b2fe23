import type { Approval } from '../model/journal.ts'
import type { Verdict } from '../model/verdict.ts'
import { checkCount } from './check-options.ts'
import type { Gate, GateContext } from './gate.ts'

/** Somebody has said yes to exactly this. */
export const approval: Gate = {
  id: 'approval',
  summary: 'Somebody approved this change, as its files are now.',
  why:
    'A contract step cannot be taken back once data is gone, so a person decides when. The approval is bound to a digest ' +
    'of what all files of the change do: it is worth nothing for files that were changed after it.',
  options: [
    {
      name: 'count',
      summary: 'how many different people must have approved',
      fallback: '1',
      example: '2',
      check: checkCount,
    },
  ],
  examples: ['-- migrate:gate approval', '-- migrate:gate approval count:2'],
  ask(context) {
    return Promise.resolve(answer(context))
  },
}

function answer({ journal, migration, digest, settings }: GateContext): Verdict {
  const subject = migration.change ?? migration.id
  const given = journal.approvals.filter((one) => one.subject === migration.id || one.subject === migration.change)
  const valid = given.filter((one) => one.digest === digest)
  const people = new Set(valid.map(({ by }) => by))
  const wanted = Number(settings['count'] ?? '1')
  if (people.size >= wanted) return { status: 'open', evidence: `approved by ${valid.map(approvalText).join(' and ')}` }
  const stale = given.at(-1)
  if (people.size === 0 && stale !== undefined) {
    return {
      status: 'closed',
      reason: `the approval by ${approvalText(stale)} was for other files: "${subject}" was changed after it. Approve again with: migrate approve ${subject}`,
    }
  }
  if (people.size === 0)
    return { status: 'closed', reason: `nobody approved it yet. Approve with: migrate approve ${subject}` }
  return {
    status: 'closed',
    reason: `approved by ${people.size} of ${wanted} people: ${[...people].join(', ')}. Approve with: migrate approve ${subject}`,
  }
}

function approvalText({ by, at }: Approval): string {
  return `${by} at ${at.toISOString()}`
}
