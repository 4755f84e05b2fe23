import { type JunitCase, junitText } from '../../junit-suites.ts'
import type { QueryEntry, QueryReport } from '../report.ts'
import { brokenText, coverageText, titleOf } from './words.ts'

/**
 * JUnit XML: a suite is a migration. Its first test case holds the coverage; each statement that is broken fails in a
 * case of its own, each that is not covered is skipped with the reason.
 */
export function queryJunit({ entries }: QueryReport): string {
  const asked = entries.filter(({ queries }) => queries !== null)
  const suites = asked.map((entry) => ({ title: titleOf(entry), path: entry.path, cases: casesOf(entry) }))
  return junitText('migrate queries check', suites)
}

function casesOf({ queries, unable }: QueryEntry): readonly JunitCase[] {
  if (queries === null) return []
  return [
    {
      name: 'captured queries',
      standing: unable === undefined ? 'proven' : 'not covered',
      text: unable ?? coverageText(queries),
    },
    ...queries.broken.map((one): JunitCase => {
      const step = one.step === null ? '' : `\nby: ${one.step}`
      const text = `${brokenText(one)}\n${one.sql}${step}`
      return { name: one.sql, standing: 'broken', text, message: text.split('\n')[0] ?? '' }
    }),
    ...queries.notCovered.map(({ sql, why }): JunitCase => ({ name: sql, standing: 'not covered', text: why })),
  ]
}
