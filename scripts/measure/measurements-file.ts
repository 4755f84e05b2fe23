import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Rule, RuleExample } from '../../src/rules/rule.ts'
import type { MeasuredEffect } from './measure-example.ts'

/** By rule: which example was measured (0 is the first), and what each major version did. */
export type Measurements = Readonly<Record<string, MeasuredRule>>

export interface MeasuredRule {
  readonly example: number
  /** By major version. */
  readonly majors: Readonly<Record<string, readonly MeasuredEffect[]>>
}

/** `docs/measurements/<rule>.json`. */
const folder = new URL('../../docs/measurements/', import.meta.url)

/** The example of a rule whose values are kept: the first that the server does not refuse. Undefined: it refuses all. */
export function exampleToMeasure(rule: Rule): { readonly index: number; readonly example: RuleExample } | undefined {
  const index = rule.examples.findIndex((example) => example.fails === undefined)
  const example = rule.examples[index]
  return example === undefined ? undefined : { index, example }
}

/** Whether the example's SQL exists on a major version, or means there what it is about. */
export function runsOn({ versions }: RuleExample, major: number): boolean {
  return major >= (versions?.from ?? major) && major <= (versions?.to ?? major)
}

export function readMeasurements(): Measurements {
  if (!existsSync(folder)) return {}
  return Object.fromEntries(
    readdirSync(folder)
      .toSorted()
      .map((name): readonly [string, MeasuredRule] => [
        basename(name, '.json'),
        JSON.parse(readFileSync(new URL(name, folder), 'utf8')),
      ]),
  )
}

/** One file a rule, majors in numerical order, so that a measurement on another day changes no line; files of rules that are gone go. */
export function writeMeasurements(measurements: Measurements, known: readonly Rule[]): void {
  mkdirSync(folder, { recursive: true })
  for (const [id, measured] of Object.entries(measurements)) {
    writeFileSync(new URL(`${id}.json`, folder), fileText(measured))
  }
  const kept = new Set(known.map(({ id }) => `${id}.json`))
  for (const name of readdirSync(folder)) if (!kept.has(name)) rmSync(new URL(name, folder))
}

function fileText({ example, majors }: MeasuredRule): string {
  const versions = Object.entries(majors).toSorted(([a], [b]) => Number(a) - Number(b))
  const rows = versions.map(([major, effects]) => `    ${JSON.stringify(major)}: [${effectsText(effects)}]`)
  return `{\n  "example": ${example},\n  "majors": {\n${rows.join(',\n')}\n  }\n}\n`
}

function effectsText(effects: readonly MeasuredEffect[]): string {
  return effects
    .map(
      ({ table, lock, rewrites, scans }) =>
        `{ "table": ${JSON.stringify(table)}, "lock": ${JSON.stringify(lock)}, "rewrites": ${rewrites}, "scans": ${scans} }`,
    )
    .join(', ')
}
