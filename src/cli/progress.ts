import type { UpRequest } from '../app/up/request.ts'
import { formatCount, plural, rowsOfAbout, wrap } from '../core/text.ts'
import { formatDuration } from '../core/time.ts'
import type { CommandContext, CommonFlags } from './command.ts'

type RunEvent = Parameters<UpRequest['onEvent']>[0]
type BlockerShown = Extract<RunEvent, { readonly kind: 'blocked' }>['blockers'][number]
type Pace = Extract<RunEvent, { readonly kind: 'backfill-progress' }>['progress']

/** Enough to know a statement again. */
const longestSql = 60

/** How often a backfill says where it is when nobody watches a terminal. */
const lineEveryMs = 5000

/** One line that is drawn over and over on a terminal; nothing elsewhere. */
export function progressLine(
  flags: CommonFlags,
  { terminal }: CommandContext,
): { readonly show: (text: string) => void; readonly clear: () => void } {
  const draws = terminal.draws && flags.quiet !== true
  const width = terminal.style('stderr').width
  return {
    show: (text) => (draws ? terminal.err(`\r\u001b[K${text.slice(0, width - 1)}`) : undefined),
    clear: () => (draws ? terminal.err('\r\u001b[K') : undefined),
  }
}

/**
 * What a run says on stderr while it works. On a terminal: one line that is drawn over, and a bar for a backfill.
 * Elsewhere a line when a migration starts, so that a log shows where a run hangs. Waits and warnings always stay.
 */
export async function runProgress(
  flags: CommonFlags,
  context: CommandContext,
): Promise<{ readonly event: (event: RunEvent) => void; readonly end: () => void }> {
  const { terminal } = context
  if (flags.quiet === true) return { event: () => undefined, end: () => undefined }
  const drawn = progressLine(flags, context)
  const { width } = terminal.style('stderr')
  const bar = terminal.draws ? (await import('./progress-bar.ts')).progressBar() : undefined
  const lines = lateLines((text) => terminal.err(text))
  const end = (): void => {
    bar?.stop()
    drawn.clear()
    lines.flush()
  }
  let lastLineAt = 0
  const backfill = (migration: string, pace: Pace): void => {
    if (bar !== undefined) return bar.update(pace)
    const done = pace.rowsDone >= pace.rowsEstimated
    if (!done && Date.now() - lastLineAt < lineEveryMs) return
    lastLineAt = Date.now()
    lines.say(`  ${migration}  ${paceText(pace)}\n`)
  }
  return {
    end,
    event: (event) => {
      if (event.kind === 'backfill-progress') return backfill(event.migration, event.progress)
      const line = eventLine(event)
      if (line === undefined) return
      if (event.kind === 'migration-started' && !terminal.draws) return lines.say(`${line}\n`)
      end()
      if (event.kind === 'migration-started') drawn.show(line)
      else terminal.err(`${event.kind === 'warning' ? wrap(line, width) : line}\n`)
    },
  }
}

/** Soon enough for whoever reads along, and late enough that 300 small migrations are a dozen writes. */
const lateMs = 30

/** Lines that are written a moment later, several at once: each write to a pipe wakes who reads it. */
function lateLines(write: (text: string) => void): { say: (text: string) => void; flush: () => void } {
  let waiting = ''
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (waiting !== '') write(waiting)
    waiting = ''
  }
  return {
    flush,
    say: (text) => {
      waiting += text
      timer ??= setTimeout(flush, lateMs)
    },
  }
}

/** `40,000 of 100,000 rows · 81,000 rows/s · 1 s left`. */
function paceText(pace: Pace): string {
  const left = pace.etaMs === undefined || pace.etaMs === 0 ? [] : [`${formatDuration(pace.etaMs)} left`]
  const rows = rowsOfAbout(pace.rowsDone, pace.rowsEstimated)
  return [rows, `${formatCount(pace.rowsPerSecond)} rows/s`, ...left].join(' · ')
}

/** An event in one line, or nothing for those that only matter to programs. */
function eventLine(event: RunEvent): string | undefined {
  switch (event.kind) {
    case 'runner-wait':
      if (event.orphan !== undefined)
        return `The process of run ${event.orphan.run} (${event.orphan.user} on ${event.orphan.host}) is gone, and its session (pid ${event.orphan.pid}) still works on the server; waiting for it. --end-orphan ends it.`
      return `Another run holds the lock of this database${event.holder === undefined ? '' : ` (pid ${event.holder.pid})`}; waiting.`
    case 'migration-started':
      return `${event.direction === 'up' ? '↑' : '↓'} ${event.migration} ${event.name}${event.resumed ? ' (taken up again)' : ''}`
    case 'statement-found':
      return `  ${event.found}`
    case 'remains-cleared':
      return `  it had left something half done, which was taken away: ${event.sql}`
    case 'blocked':
      return [`  has waited ${formatDuration(event.waitedMs)} for a lock`, ...event.blockers.map(blockerLine)].join(
        '\n',
      )
    case 'lock-wait':
      if (event.gaveWayTo > 0)
        return `  gave way to ${plural(event.gaveWayTo, 'session')} (attempt ${event.attempt} of ${event.attempts}); again in ${formatDuration(event.pauseMs)}${blockersText(event.blockers)}`
      return `  waited ${formatDuration(event.lockTimeoutMs)} for a lock (attempt ${event.attempt} of ${event.attempts}); again in ${formatDuration(event.pauseMs)}${blockersText(event.blockers)}`
    case 'backfill-waits':
      return `  ${event.migration} waits before its next batch: ${event.reason}`
    case 'check-failed':
      return `  check of ${event.migration}: ${event.reason}`
    case 'warning':
      return `warning: ${event.message}`
    case 'migration-applied':
    case 'migration-reverted':
    case 'gate-asked':
    case 'statement-started':
    case 'held':
    case 'backfill-progress':
      return undefined
  }
}

/** `    behind pid 4711 (nightly report), idle in transaction for 3 min 2 s: select * from books`. */
function blockerLine({ pid, application, state, ageMs, query }: BlockerShown): string {
  const who = pid === 0 ? 'no session' : `pid ${pid}`
  const name = application === null || application === '' ? '' : ` (${application})`
  const age = ageMs === null ? '' : ` for ${formatDuration(ageMs)}`
  const sql = (query ?? '').replaceAll(/\s+/g, ' ').trim()
  return `    behind ${who}${name}, ${state ?? 'state not visible'}${age}${sql === '' ? '' : `: ${sql.slice(0, longestSql)}`}`
}

function blockersText(blockers: Extract<RunEvent, { readonly kind: 'lock-wait' }>['blockers']): string {
  if (blockers.length === 0) return ''
  return `; behind ${blockers.map(({ pid, application }) => `pid ${pid}${application === null || application === '' ? '' : ` (${application})`}`).join(', ')}`
}
