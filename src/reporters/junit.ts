import { plural, visible } from '../core/text.ts'
import type { Finding, LintReport } from '../model/finding.ts'
import { repositoryPath } from '../core/repository-path.ts'
import { byFile } from './by-file.ts'
import { placer } from './lines.ts'
import { fullMessage, sizedMessage } from './message.ts'
import type { Reporter } from './reporter.ts'
import { element, textElement, xmlDocument } from '../core/xml.ts'

/**
 * JUnit XML: a suite is a file, a test case is a finding. Errors and warnings are failures; what is only worth knowing
 * passes. Without findings there is one case that passes, because some readers take an empty report for a failed run.
 */
export const junit: Reporter = {
  id: 'junit',
  summary: 'JUnit XML: each finding is a test case.',
  report: (report) => {
    const placeOf = placer()
    const suites = [...byFile(report.findings)].map(([path, findings]) =>
      suite(
        repositoryPath(path),
        findings,
        findings.map((finding) => testCase(finding, placeOf(finding).start)),
      ),
    )
    const shown = suites.length === 0 ? [suite('migrations', [], [clean(report)])] : suites
    return xmlDocument(element('testsuites', { name: 'migrate lint', ...counts(report.findings) }, shown))
  },
}

function suite(name: string, findings: readonly Finding[], cases: readonly string[]): string {
  return element('testsuite', { name, ...counts(findings) }, cases)
}

function counts(findings: readonly Finding[]): Readonly<Record<string, number>> {
  return {
    tests: Math.max(findings.length, 1),
    failures: findings.filter(fails).length,
    errors: 0,
    skipped: 0,
    time: 0,
  }
}

function fails({ severity }: Finding): boolean {
  return severity !== 'info'
}

function testCase(finding: Finding, { line, column }: { readonly line: number; readonly column: number }): string {
  const path = repositoryPath(finding.file.path)
  const name = `${finding.rule} at line ${line}`
  const text = `${path}:${line}:${column}\n${visible(fullMessage(finding))}\n\nWhy: ${finding.why}`
  return element('testcase', { name, classname: path, file: path, line, time: 0 }, [
    fails(finding)
      ? textElement('failure', { type: finding.severity, message: visible(sizedMessage(finding)) }, text)
      : textElement('system-out', {}, text),
  ])
}

function clean({ files }: LintReport): string {
  return element('testcase', {
    name: `nothing to say about ${plural(files, 'file')}`,
    classname: 'migrate lint',
    time: 0,
  })
}
