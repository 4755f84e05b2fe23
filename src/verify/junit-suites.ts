import { repositoryPath } from '../core/repository-path.ts'
import { visible, visibleLine } from '../core/text.ts'
import { element, textElement, xmlDocument } from '../core/xml.ts'
import type { Standing } from '../model/proof.ts'

/** A migration in a report. */
export interface JunitSuite {
  readonly title: string
  readonly path: string
  readonly cases: readonly JunitCase[]
}

/** A claim about it. What is proven passes, what is broken fails, what is not covered is skipped with the reason. */
export interface JunitCase {
  readonly name: string
  readonly standing: Standing
  /** Of what is proven it may be empty. */
  readonly text: string
  /** The failure in one line; the text when absent. */
  readonly message?: string
}

/** JUnit XML of a command's report. Names, paths and texts cannot be taken for markup. */
export function junitText(command: string, suites: readonly JunitSuite[]): string {
  const all = suites.flatMap(({ cases }) => cases)
  return xmlDocument(element('testsuites', { name: command, ...counts(all) }, suites.map(suiteElement)))
}

function suiteElement(suite: JunitSuite): string {
  const { title, path, cases } = suite
  const attributes = { name: visibleLine(title), file: repositoryPath(path), ...counts(cases) }
  return element(
    'testsuite',
    attributes,
    cases.map((one) => caseElement(suite, one)),
  )
}

function caseElement({ title, path }: JunitSuite, one: JunitCase): string {
  const attributes = {
    name: visibleLine(one.name),
    classname: visibleLine(title),
    file: repositoryPath(path),
    time: 0,
  }
  return element('testcase', attributes, content(one))
}

function content({ standing, text: written, message: line }: JunitCase): readonly string[] {
  const text = visible(written)
  const message = line === undefined ? text : visible(line)
  if (standing === 'broken') return [textElement('failure', { type: 'broken', message }, text)]
  if (standing === 'not covered') return [element('skipped', { message: `not covered: ${text}` })]
  return text === '' ? [] : [textElement('system-out', {}, text)]
}

function counts(cases: readonly JunitCase[]): Readonly<Record<string, number>> {
  const number = (standing: Standing): number => cases.filter((one) => one.standing === standing).length
  return { tests: cases.length, failures: number('broken'), errors: 0, skipped: number('not covered'), time: 0 }
}
