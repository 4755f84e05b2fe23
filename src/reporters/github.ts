import { visible } from '../core/text.ts'
import type { Finding, Severity } from '../model/finding.ts'
import { repositoryPath } from '../core/repository-path.ts'
import type { FindingPlace } from './lines.ts'
import { placer } from './lines.ts'
import { fullMessage } from './message.ts'
import type { Reporter } from './reporter.ts'

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<Severity, string>

/**
 * Workflow commands of GitHub Actions. What comes from a migration is escaped by the rules of the runner, so that it
 * stays inside the one line of its command and cannot begin another.
 */
export const github: Reporter = {
  id: 'github',
  summary: 'Annotations for GitHub Actions, shown beside the changed lines of a pull request.',
  report: ({ findings }) => {
    const placeOf = placer()
    return findings.map((finding) => `${command(finding, placeOf(finding))}\n`).join('')
  },
}

function command(finding: Finding, { start, end }: FindingPlace): string {
  const oneLine = start.line === end.line
  const properties: readonly (readonly [string, string | number])[] = [
    ['file', repositoryPath(finding.file.path)],
    ['line', start.line],
    ['endLine', end.line],
    // Columns are only understood where the place is within one line.
    ...(oneLine
      ? ([
          ['col', start.column],
          ['endColumn', end.column],
        ] as const)
      : []),
    ['title', finding.rule],
  ]
  const written = properties.map(([key, value]) => `${key}=${property(String(value))}`).join(',')
  return `::${commands[finding.severity]} ${written}::${data(fullMessage(finding))}`
}

function data(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
