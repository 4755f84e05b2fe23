import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Rule, RuleExample } from '../../src/rules/rule.ts'
import type { MeasuredEffect } from './measure-example.ts'

/** `docs/measurements.json`: by rule, which example was measured (0 is the first), and what each major version did. */
export type Measurements = Readonly<Record<string, MeasuredRule>>

export interface MeasuredRule {
  readonly example: number
  /** By major version. */
  readonly majors: Readonly<Record<string, readonly MeasuredEffect[]>>
}

export const measurementsFile: URL = new URL('../../docs/measurements.json', import.meta.url)

/** The example of a rule whose values are kept: the first that the server does not refuse. Undefined: it refuses all. */
export function exampleToMeasure(rule: Rule): { readonly index: number; readonly example: RuleExample } | undefined {
  const index = rule.examples.findIndex((example) => example.fails === undefined)
  const example = rule.examples[index]
  return example === undefined ? undefined : { index, example }
}

export function readMeasurements(): Measurements {
  return existsSync(measurementsFile) ? JSON.parse(readFileSync(measurementsFile, 'utf8')) : {}
}

/** Rules in alphabetical order, majors in numerical order, so that a measurement on another day changes no line. */
export function writeMeasurements(measurements: Measurements): void {
  const rules = Object.entries(measurements).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const lines = rules.map(([id, { example, majors }]) => {
    const versions = Object.entries(majors).toSorted(([a], [b]) => Number(a) - Number(b))
    const rows = versions.map(([major, effects]) => `      ${JSON.stringify(major)}: [${effectsText(effects)}]`)
    return `  ${JSON.stringify(id)}: {\n    "example": ${example},\n    "majors": {\n${rows.join(',\n')}\n    }\n  }`
  })
  writeFileSync(measurementsFile, `{\n${lines.join(',\n')}\n}\n`)
}

function effectsText(effects: readonly MeasuredEffect[]): string {
  return effects
    .map(
      ({ table, lock, rewrites, scans }) =>
        `{ "table": ${JSON.stringify(table)}, "lock": ${JSON.stringify(lock)}, "rewrites": ${rewrites}, "scans": ${scans} }`,
    )
    .join(', ')
}
