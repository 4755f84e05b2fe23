import { ToolkitError } from '../core/errors.ts'
import type { Connection } from '../model/database.ts'
import { wait } from './interruption.ts'
import { type Journal, openJournal } from './journal.ts'
import {
  type Lease,
  checkLease,
  giveLeaseBack,
  leaseHolder,
  leaseLost,
  leased,
  renewLease,
  takeLease,
} from './lease.ts'
import { lockKey } from './mutex.ts'
import { type RunInput, mutexOptions } from './recorded-run.ts'

/** How often somebody asks for a lease that another run holds. */
const askEveryMs = 250

/**
 * Runs `work` under a lease: for an address that leads to a transaction pooler, where neither a lock nor a setting of a
 * session holds. Another session prolongs it.
 *
 * @throws ToolkitError `runner-locked`, `lease-lost`, `cannot-connect`
 */
export async function inLeasedSession<T>(
  input: RunInput,
  journal: Journal,
  ttlMs: number,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const renewer = await openRenewer(input)
  try {
    const renewing = await openJournal(renewer, journal.schema)
    const token = await waitForLease(input, journal, ttlMs)
    const [lost, ended] = [new AbortController(), new AbortController()]
    const signal = input.signal === undefined ? lost.signal : AbortSignal.any([input.signal, lost.signal])
    const renewal = renew(input, renewing, { token, ttlMs, ended: ended.signal, onLost: () => lost.abort(leaseLost()) })
    try {
      return await work({ token, signal, check: (connection) => checkLease(journal, token, connection) })
    } finally {
      ended.abort()
      await renewal
      // Where it cannot be given back it runs out.
      await giveLeaseBack(renewing, token).catch(() => undefined)
    }
  } finally {
    await renewer.close()
  }
}

function openRenewer({ openAnother }: RunInput): Promise<Connection> {
  if (openAnother !== undefined) return openAnother()
  throw new ToolkitError({ code: 'bug', message: 'A lease needs a second session, and none can be opened.' })
}

async function waitForLease(input: RunInput, journal: Journal, ttlMs: number): Promise<string> {
  const { actor } = input
  const { waitMs, onWait } = mutexOptions(input, journal)
  const holder = `${actor.user} on ${actor.host} (process ${actor.process})`
  for (let waitedMs = 0; ; waitedMs += askEveryMs) {
    const token = await takeLease(journal, { key: lockKey(journal.schema), ttlMs, holder })
    if (token !== undefined) return token
    if (waitedMs === 0) onWait(undefined, undefined)
    if (waitedMs >= waitMs) throw leased(await leaseHolder(journal), waitMs)
    await wait(input, askEveryMs)
  }
}

interface Renewal {
  readonly token: string
  readonly ttlMs: number
  readonly ended: AbortSignal
  readonly onLost: () => void
}

/** Three times in the life of a lease, so that one failure is no harm; nobody is believed who was silent for that long. */
async function renew(
  { clock, log }: RunInput,
  journal: Journal,
  { token, ttlMs, ended, onLost }: Renewal,
): Promise<void> {
  let goodUntil = clock.now() + ttlMs
  for (;;) {
    try {
      await clock.sleep(ttlMs / 3, ended)
    } catch {
      return
    }
    const askedAt = clock.now()
    try {
      if (!(await renewLease(journal, token, ttlMs))) return onLost()
      goodUntil = askedAt + ttlMs
    } catch (error) {
      log.warn({ err: error }, 'the lease could not be prolonged')
      if (clock.now() >= goodUntil - ttlMs / 3) return onLost()
    }
  }
}
