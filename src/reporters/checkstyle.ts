import { visible } from '../core/text.ts'
import type { Finding } from '../model/finding.ts'
import { repositoryPath } from '../core/repository-path.ts'
import { byFile } from './by-file.ts'
import { placer } from './lines.ts'
import { sizedMessage } from './message.ts'
import type { Reporter } from './reporter.ts'
import { element, xmlDocument } from '../core/xml.ts'

export const checkstyle: Reporter = {
  id: 'checkstyle',
  summary: 'Checkstyle XML, which Jenkins and many other programs read.',
  report: ({ findings }) => {
    const placeOf = placer()
    const files = [...byFile(findings)].map(([path, inFile]) =>
      element(
        'file',
        { name: repositoryPath(path) },
        inFile.map((finding) => error(finding, placeOf(finding).start)),
      ),
    )
    return xmlDocument(element('checkstyle', { version: '4.3' }, files))
  },
}

function error(finding: Finding, { line, column }: { readonly line: number; readonly column: number }): string {
  const { severity, rule } = finding
  return element('error', {
    line,
    column,
    severity,
    message: visible(sizedMessage(finding)),
    source: `lockstep.${rule}`,
  })
}
