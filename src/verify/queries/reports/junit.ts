import { repositoryPath } from '../../../core/repository-path.ts'
import { visible, visibleLine } from '../../../core/text.ts'
import { element, textElement, xmlDocument } from '../../../core/xml.ts'
import type { QueryEntry, QueryReport } from '../report.ts'
import { brokenText, coverageText, titleOf } from './words.ts'

/**
 * JUnit XML: a suite is a migration. Its first test case holds the coverage; each statement that is broken fails in a
 * case of its own, each that is not covered is skipped with the reason.
 */
export function queryJunit({ entries }: QueryReport): string {
  const suites = entries.flatMap((entry) => (entry.queries === null ? [] : [{ entry, cases: casesOf(entry) }]))
  const all = suites.flatMap(({ cases }) => cases)
  return xmlDocument(
    element(
      'testsuites',
      { name: 'migrate queries check', ...counts(all) },
      suites.map(({ entry, cases }) =>
        element(
          'testsuite',
          { name: visibleLine(titleOf(entry)), file: repositoryPath(entry.path), ...counts(cases) },
          cases.map((one) => testCase(entry, one)),
        ),
      ),
    ),
  )
}

interface Case {
  readonly name: string
  readonly standing: 'proven' | 'broken' | 'not covered'
  readonly text: string
}

function casesOf({ queries, unable }: QueryEntry): readonly Case[] {
  if (queries === null) return []
  return [
    {
      name: 'captured queries',
      standing: unable === undefined ? 'proven' : 'not covered',
      text: unable ?? coverageText(queries),
    },
    ...queries.broken.map((one): Case => {
      const step = one.step === null ? '' : `\nby: ${one.step}`
      return { name: one.sql, standing: 'broken', text: `${brokenText(one)}\n${one.sql}${step}` }
    }),
    ...queries.notCovered.map(({ sql, why }): Case => ({ name: sql, standing: 'not covered', text: why })),
  ]
}

function testCase(entry: QueryEntry, { name, standing, text }: Case): string {
  const attributes = {
    name: visibleLine(name),
    classname: visibleLine(titleOf(entry)),
    file: repositoryPath(entry.path),
    time: 0,
  }
  return element('testcase', attributes, [content(standing, visible(text))])
}

function content(standing: Case['standing'], text: string): string {
  if (standing === 'broken') return textElement('failure', { type: 'broken', message: text.split('\n')[0] ?? '' }, text)
  if (standing === 'not covered') return element('skipped', { message: `not covered: ${text}` })
  return textElement('system-out', {}, text)
}

function counts(cases: readonly Case[]): Readonly<Record<string, number>> {
  const number = (standing: Case['standing']): number => cases.filter((one) => one.standing === standing).length
  return { tests: cases.length, failures: number('broken'), errors: 0, skipped: number('not covered'), time: 0 }
}
