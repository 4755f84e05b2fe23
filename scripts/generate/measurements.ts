import type { Rule } from '../../src/rules/rule.ts'
import type { MeasuredEffect } from '../measure/measure-example.ts'
import type { MeasuredRule } from '../measure/measurements-file.ts'
import { table } from './markdown.ts'

/** What was seen on each major version when the rule's example ran. Without a measurement it says so. */
export function measuredBlocks(rule: Rule, measured: MeasuredRule | undefined): readonly string[] {
  const majors = Object.entries(measured?.majors ?? {})
  if (measured === undefined || majors.length === 0) return ['## Measured', unmeasured(rule)]
  const rows = [...sameAnswers(majors)].flatMap(([effects, versions]) =>
    effects.map((effect) => [
      versions.join(', '),
      `\`${effect.table}\``,
      effect.lock,
      yesNo(effect.rewrites),
      yesNo(effect.scans),
    ]),
  )
  const untouched = majors.filter(([, effects]) => effects.length === 0).map(([major]) => major)
  const example = rule.examples.length === 1 ? 'the example' : `example ${measured.example + 1}`
  return [
    '## Measured',
    `What the reported statements of ${example} did to tables that existed before, on servers of each major version:`,
    ...(rows.length === 0 ? [] : [table(['versions', 'table', 'lock', 'rewritten', 'scanned'], rows)]),
    ...(untouched.length === 0 ? [] : [`No table was locked on ${untouched.join(', ')}.`]),
  ]
}

/** The versions that did the same, in order. */
function sameAnswers(
  majors: readonly (readonly [string, readonly MeasuredEffect[]])[],
): ReadonlyMap<readonly MeasuredEffect[], readonly string[]> {
  const groups = new Map<string, { readonly effects: readonly MeasuredEffect[]; readonly versions: string[] }>()
  for (const [major, effects] of majors) {
    const key = JSON.stringify(effects)
    const group = groups.get(key) ?? { effects, versions: [] }
    group.versions.push(major)
    groups.set(key, group)
  }
  return new Map([...groups.values()].map(({ effects, versions }) => [effects, versions]))
}

function unmeasured(rule: Rule): string {
  const refused = rule.examples.length > 0 && rule.examples.every((example) => example.fails !== undefined)
  return refused ? 'Not measured: the server refuses the statement.' : 'Not measured.'
}

function yesNo(seen: boolean): string {
  return seen ? 'yes' : 'no'
}
