import type { Answer } from './answer.ts'
import type { ApproveRequest } from './answers/approve.ts'
import type { BaselineRequest } from './answers/baseline.ts'
import type { CaptureRequest } from './capture/request.ts'
import type { CheckQueriesAnswer, CheckQueriesRequest } from './answers/check-queries.ts'
import type { CreateRequest } from './answers/create.ts'
import type { DriftRequest } from './answers/drift.ts'
import type { DownRequest } from './answers/down.ts'
import type { ExplainRequest } from './answers/explain.ts'
import type { FixRequest } from './answers/fix.ts'
import type { GateRequest } from './answers/gate.ts'
import type { ImportRequest } from './answers/import.ts'
import type { LabelRequest } from './answers/label.ts'
import type { LintAnswer, LintRequest } from './answers/lint.ts'
import type { LockRequest } from './answers/lock.ts'
import type { PlanRequest } from './answers/plan.ts'
import type { RepairRequest } from './answers/repair.ts'
import type { SnapshotRequest } from './answers/snapshot.ts'
import type { StatusRequest } from './answers/status.ts'
import type { UpRequest } from './up/request.ts'
import type { VerifyAnswer, VerifyRequest } from './answers/verify.ts'
import { createContext } from './context.ts'
import type { ToolkitOptions } from './context.ts'

/** Everything the command line does, for programs. Each call answers with text, JSON and how a process would end. */
export interface Toolkit {
  lint(request: LintRequest): Promise<LintAnswer>
  fix(request: FixRequest): Promise<Answer>
  lock(request: LockRequest): Promise<Answer>
  plan(request: PlanRequest): Promise<Answer>
  verify(request: VerifyRequest): Promise<VerifyAnswer>
  up(request: UpRequest): Promise<Answer>
  down(request: DownRequest): Promise<Answer>
  status(request: StatusRequest): Promise<Answer>
  snapshot(request: SnapshotRequest): Promise<Answer>
  drift(request: DriftRequest): Promise<Answer>
  baseline(request: BaselineRequest): Promise<Answer>
  import(request: ImportRequest): Promise<Answer>
  repair(request: RepairRequest): Promise<Answer>
  capture(request: CaptureRequest): Promise<Answer>
  checkQueries(request: CheckQueriesRequest): Promise<CheckQueriesAnswer>
  approve(request: ApproveRequest): Promise<Answer>
  gate(request: GateRequest): Promise<Answer>
  create(request: CreateRequest): Promise<Answer>
  init(): Promise<Answer>
  label(request: LabelRequest): Promise<Answer>
  explain(request: ExplainRequest): Promise<Answer>
}

/**
 * Puts the parts together. Each verb's engine is loaded when it is first asked, so that `lint` does not wait for a
 * database driver.
 *
 * @throws ToolkitError `config-unreadable`, `config-invalid`
 */
export async function createToolkit(options: ToolkitOptions): Promise<Toolkit> {
  const context = await createContext(options)
  return {
    lint: async (request) => (await import('./answers/lint.ts')).answerLint(context, request),
    fix: async (request) => (await import('./answers/fix.ts')).answerFix(context, request),
    lock: async (request) => (await import('./answers/lock.ts')).answerLock(context, request),
    plan: async (request) => (await import('./answers/plan.ts')).answerPlan(context, request),
    verify: async (request) => (await import('./answers/verify.ts')).answerVerify(context, request),
    up: async (request) => (await import('./answers/up.ts')).answerUp(context, request),
    down: async (request) => (await import('./answers/down.ts')).answerDown(context, request),
    status: async (request) => (await import('./answers/status.ts')).answerStatus(context, request),
    snapshot: async (request) => (await import('./answers/snapshot.ts')).answerSnapshot(context, request),
    drift: async (request) => (await import('./answers/drift.ts')).answerDrift(context, request),
    baseline: async (request) => (await import('./answers/baseline.ts')).answerBaseline(context, request),
    import: async (request) => (await import('./answers/import.ts')).answerImport(context, request),
    repair: async (request) => (await import('./answers/repair.ts')).answerRepair(context, request),
    capture: async (request) => (await import('./answers/capture.ts')).answerCapture(context, request),
    checkQueries: async (request) => (await import('./answers/check-queries.ts')).answerCheckQueries(context, request),
    approve: async (request) => (await import('./answers/approve.ts')).answerApprove(context, request),
    gate: async (request) => (await import('./answers/gate.ts')).answerGate(context, request),
    create: async (request) => (await import('./answers/create.ts')).answerCreate(context, request),
    init: async () => (await import('./answers/init.ts')).answerInit(context),
    label: async (request) => (await import('./answers/label.ts')).answerLabel(context, request),
    explain: async (request) => (await import('./answers/explain.ts')).answerExplain(context, request),
  }
}
