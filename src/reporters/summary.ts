import { plural } from '../core/text.ts'
import type { Finding, LintReport, LiveUse, Severity } from '../model/finding.ts'

const plurals = { error: 'errors', warning: 'warnings', info: 'infos' } as const satisfies Record<Severity, string>

/** `1 error`, `2 warnings`: for each severity that there is, what is at stake first. */
export function countWords(
  findings: readonly Finding[],
  look: (severity: Severity, words: string) => string = (_, words) => words,
): readonly string[] {
  return (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    return count === 0 ? [] : [look(severity, plural(count, severity, plurals[severity]))]
  })
}

/** What the report was made for, where that is a live database; '' where the history was enough. */
export function liveWords({ live }: LintReport): string {
  if (live === undefined) return ''
  return live.unread === undefined ? historyWords(live) : `${historyWords(live)}; ${unreadWords(live.unread)}`
}

function unreadWords(kinds: readonly string[]): string {
  return `the role may read nothing of these kinds there, so that they are not known: ${kinds.join(', ')}`
}

function historyWords({ path, server, applied, journal }: LiveUse): string {
  const source = path === undefined ? `a live PostgreSQL ${server}` : `${path} (PostgreSQL ${server})`
  if (journal === 'unreadable')
    return `sizes from ${source}; the role may not read the journal there, so what is applied is not known and all is judged`
  if (applied === undefined) return `sizes from ${source}; no journal says what is applied, so all is judged`
  return `judged on ${source}, ${plural(applied, 'applied migration')} left out`
}
