import { repositoryPath } from '../../core/repository-path.ts'
import { visible, visibleLine } from '../../core/text.ts'
import { element, textElement, xmlDocument } from '../../core/xml.ts'
import type { LevelResult } from '../../model/proof.ts'
import type { ProofEntry, ProofReport } from '../report.ts'
import { claims, titleOf } from '../words.ts'

/**
 * JUnit XML: a suite is a migration, a test case is a level of it. What is broken fails, what is not covered is skipped
 * with the reason. A last case, `proof`, fails where the downgrade is not covered to the level that is asked for, or
 * the proof file does not hold.
 */
export function verifyJunit({ entries }: ProofReport): string {
  const suites = entries.map((entry) => ({ entry, cases: casesOf(entry) }))
  const all = suites.flatMap(({ cases }) => cases)
  return xmlDocument(
    element(
      'testsuites',
      { name: 'migrate verify', ...counts(all) },
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
  readonly standing: LevelResult['standing']
  readonly text: string
}

function casesOf({ proof, refused, file }: ProofEntry): readonly Case[] {
  const levels = (proof?.levels ?? []).map(({ level, standing, evidence }) => ({
    name: `${level} ${claims[level]}`,
    standing,
    text: evidence,
  }))
  const problems = [refused, file?.text].filter((text) => text !== undefined)
  const standing = problems.length === 0 ? 'proven' : 'broken'
  return [...levels, { name: 'proof', standing, text: problems.join('\n') }]
}

function testCase(entry: ProofEntry, { name, standing, text }: Case): string {
  const attributes = { name, classname: visibleLine(titleOf(entry)), file: repositoryPath(entry.path), time: 0 }
  return element('testcase', attributes, content(standing, visible(text)))
}

function content(standing: Case['standing'], text: string): readonly string[] {
  if (standing === 'broken') return [textElement('failure', { type: 'broken', message: text }, text)]
  if (standing === 'not covered') return [element('skipped', { message: `not covered: ${text}` })]
  return text === '' ? [] : [textElement('system-out', {}, `proven: ${text}`)]
}

function counts(cases: readonly Case[]): Readonly<Record<string, number>> {
  const number = (standing: Case['standing']): number => cases.filter((one) => one.standing === standing).length
  return { tests: cases.length, failures: number('broken'), errors: 0, skipped: number('not covered'), time: 0 }
}
