import type { Rule } from '../../src/rules/rule.ts'
import type { MeasuredRule } from '../measure/measurements-file.ts'
import { table } from './markdown.ts'

/** What was seen on each major version when the rule's example ran. Without a measurement it says so. */
export function measuredBlocks(rule: Rule, measured: MeasuredRule | undefined): readonly string[] {
  const majors = Object.entries(measured?.majors ?? {})
  if (measured === undefined || majors.length === 0) return ['## Measured', unmeasured(rule)]
  const rows = majors.flatMap(([major, effects]) =>
    effects.map((effect) => [major, `\`${effect.table}\``, effect.lock, yesNo(effect.rewrites), yesNo(effect.scans)]),
  )
  const untouched = majors.filter(([, effects]) => effects.length === 0).map(([major]) => major)
  const example = rule.examples.length === 1 ? 'the example' : `example ${measured.example + 1}`
  return [
    '## Measured',
    `What the reported statements of ${example} did to tables that existed before, on servers of each major version:`,
    ...(rows.length === 0 ? [] : [table(['version', 'table', 'lock', 'rewritten', 'scanned'], rows)]),
    ...(untouched.length === 0 ? [] : [`No table was locked on ${untouched.join(', ')}.`]),
  ]
}

function unmeasured(rule: Rule): string {
  const refused = rule.examples.length > 0 && rule.examples.every((example) => example.fails !== undefined)
  return refused ? 'Not measured: the server refuses the statement.' : 'Not measured.'
}

function yesNo(seen: boolean): string {
  return seen ? 'yes' : 'no'
}
