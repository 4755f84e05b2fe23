import { approval } from '../../gates/approval.ts'
import type { Gate } from '../../gates/gate.ts'
import { gates } from '../../gates/registry.gen.ts'
import type { Approval } from '../../model/journal.ts'

/** What approvals of run plans are recorded for; no change can be called so. */
export const planSubject = 'run plan'

/**
 * The gates as a plan is made with: an approval that is missing does not hold back what waits for nothing else, because
 * the plan itself can be approved. `onMissing` is told whose.
 */
export function gatesForPlanning(onMissing: (migration: string) => void): readonly Gate[] {
  return withApproval(async (context) => {
    const verdict = await approval.ask(context)
    if (verdict.status !== 'closed') return verdict
    onMissing(context.migration.id)
    return { status: 'open', evidence: 'once the plan is approved' }
  })
}

/** The gates as a plan is run with: whoever approved the plan has approved everything in it. */
export function gatesForPlan(digest: string): readonly Gate[] {
  return withApproval((context) => {
    const { journal, migration } = context
    const given = journal.approvals.map((one): Approval => {
      const isOfPlan = one.subject === planSubject && one.digest === digest
      return isOfPlan ? { ...one, subject: migration.id, digest: context.digest } : one
    })
    return approval.ask({ ...context, journal: { ...journal, approvals: given } })
  })
}

function withApproval(ask: Gate['ask']): readonly Gate[] {
  return gates.map((gate) => (gate === approval ? { ...approval, ask } : gate))
}
