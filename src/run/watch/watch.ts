import type { RunContext } from '../context.ts'
import { type Blocker, sessionsOf } from '../blockers.ts'
import type { Limits } from '../limits.ts'
import { cancellable } from '../interruption.ts'
import { GaveWay, HeldOthersUp } from './cancelled.ts'
import { type Sight, lookAt } from './look.ts'

/** `procedure`: code outside a transaction, which commits by itself and so may not be begun again. */
type WatchKind = 'transaction' | 'concurrent' | 'procedure' | 'batch'

interface Patience {
  /** Most statements have ended before the first look, so that watching costs nothing. */
  readonly firstLookMs: number
  /** How long others may stand behind what it waits for, and wait for what it holds; undefined: for ever. */
  readonly waiting: keyof Limits
  readonly holding: keyof Limits | undefined
}

const patience: Readonly<Record<WatchKind, Patience>> = {
  transaction: { firstLookMs: 40, waiting: 'queue', holding: 'stall' },
  // What it holds keeps only other DDL out.
  concurrent: { firstLookMs: 250, waiting: 'queue', holding: undefined },
  procedure: { firstLookMs: 250, waiting: 'stall', holding: 'stall' },
  batch: { firstLookMs: 250, waiting: 'queue', holding: 'stall' },
}

/** What is watched. */
export interface Watched {
  readonly migration: string
  readonly kind: WatchKind
  /** Told who is in the way whenever somebody is. */
  readonly onBlockers?: (blockers: readonly Blocker[]) => void
  /** Called the moment the work is done, where nobody has looked and no cancel request can still be on its way. */
  readonly onDone?: () => void
}

/** While it waits for a lock others may queue up behind it, and a stall grows by the time between two looks. */
const whileWaitingMs = 50
/** While it works: how much later than `limits.stall` a stall is ended. */
const whileWorkingMs = 250
/** A wait is told after this long, and again when this much time has passed: sooner, the next attempt tells. */
const tellAfterMs = 1000
const tellAgainMs = 30_000

/**
 * Runs a statement, or a transaction of them, while the second session watches: whoever is in the way is told of, and
 * when reads and writes of others have waited too long the statement is cancelled. The signal cancels it as well.
 *
 * @throws GaveWay, HeldOthersUp instead of what the server answered to the cancelled statement
 * @throws ToolkitError `interrupted`, `terminated`
 */
export async function watched<T>(context: RunContext, what: Watched, work: () => Promise<T>): Promise<T> {
  const { second, signal } = context
  const watch = new Watch(context, what)
  const done = async (): Promise<T> => {
    const result = await work()
    if (!watch.looks && signal?.aborted !== true) what.onDone?.()
    return result
  }
  if (second === undefined) return cancellable(context, done)
  const leave = context.clock.after(patience[what.kind].firstLookMs, () => watch.begin())
  try {
    return await cancellable(context, done)
  } catch (error) {
    throw watch.verdict(error)
  } finally {
    leave()
    await watch.end()
  }
}

class Watch {
  readonly #context: RunContext
  readonly #what: Watched
  /** Set from the first look on. */
  #looking: { readonly ended: AbortController; readonly done: Promise<void> } | undefined
  #told = 0
  #reason: { readonly gaveWay: boolean; readonly sight: Sight } | undefined

  constructor(context: RunContext, what: Watched) {
    this.#context = context
    this.#what = what
  }

  get looks(): boolean {
    return this.#looking !== undefined
  }

  begin(): void {
    const ended = new AbortController()
    this.#looking = { ended, done: this.#until(ended.signal) }
  }

  /** A look or a cancel request still under way would meet what comes next. */
  async end(): Promise<void> {
    this.#looking?.ended.abort()
    await this.#looking?.done
  }

  /** Looks again and again until the work has ended. */
  async #until(ended: AbortSignal): Promise<void> {
    const { clock, second, log } = this.#context
    try {
      while (second !== undefined) {
        const sight = await lookAt(second, this.#context.pid)
        if (ended.aborted) return
        await this.#act(sight)
        await clock.sleep(sight.waitsMs === null ? whileWorkingMs : whileWaitingMs, ended)
      }
    } catch (error) {
      // The watch is a precaution: the statement goes on without it, within the limits that the server keeps.
      if (!ended.aborted) log.warn({ err: error }, 'the session that watches is gone')
    }
  }

  /** The error that the work ended with: what the watch did to it, where it did. */
  verdict(error: unknown): unknown {
    if (this.#reason === undefined || this.#context.signal?.aborted === true) return error
    return this.#reason.gaveWay ? new GaveWay(this.#reason.sight, error) : new HeldOthersUp(this.#reason.sight, error)
  }

  async #act(sight: Sight): Promise<void> {
    const { limits } = this.#context
    if (sight.waitsMs !== null) await this.#tell(sight, sight.waitsMs)
    const waits = sight.waitsMs !== null
    const { waiting, holding } = patience[this.#what.kind]
    const which = waits ? waiting : holding
    const limit = which === undefined ? 0 : limits[which]
    if (sight.behind === 0 || limit === 0 || sight.behindMs < limit) return
    this.#reason = { gaveWay: waits, sight }
    await this.#context.cancel()
  }

  async #tell(sight: Sight, waitsMs: number): Promise<void> {
    const { second, emit, clock } = this.#context
    if (second === undefined) return
    const blockers = await sessionsOf(second, sight.blockedBy)
    if (blockers.length === 0) return
    this.#what.onBlockers?.(blockers)
    if (waitsMs < tellAfterMs || clock.now() - this.#told < tellAgainMs) return
    this.#told = clock.now()
    emit({ kind: 'blocked', migration: this.#what.migration, waitedMs: waitsMs, blockers })
  }
}
