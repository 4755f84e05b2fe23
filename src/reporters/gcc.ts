import { visibleLine } from '../core/text.ts'
import type { Severity } from '../model/finding.ts'
import { placer } from './lines.ts'
import { sizedMessage } from './message.ts'
import type { Reporter } from './reporter.ts'

const words = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>

/** One line a finding, as compilers print it; editors and many other programs jump to such places. */
export const gcc: Reporter = {
  id: 'gcc',
  summary: 'One line a finding, as compilers print it: path:line:column: severity: message [rule].',
  report: ({ findings }) => {
    const placeOf = placer()
    const lines = findings.map((finding) => {
      const { line, column } = placeOf(finding).start
      const { file, severity, rule } = finding
      return `${visibleLine(file.path)}:${line}:${column}: ${words[severity]}: ${visibleLine(sizedMessage(finding))} [${rule}]\n`
    })
    return lines.join('')
  },
}
