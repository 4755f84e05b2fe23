import { beforeAll, describe, expect, test } from 'vitest'
import { exampleHistory } from '../../scripts/measure/example-migrations.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { lint } from '../../src/lint/lint.ts'
import type { Finding } from '../../src/model/finding.ts'
import { rules } from '../../src/rules/registry.gen.ts'
import type { RuleExample } from '../../src/rules/rule.ts'
import { memberFiles } from './member-files.ts'

beforeAll(() => postgres.load())

test('every file of the catalogue is a rule named after the file', () => {
  expect(memberFiles()).toEqual(rules.map((rule) => rule.id).toSorted())
})

describe.each(rules.map((rule) => ({ id: rule.id, rule })))('$id', ({ rule }) => {
  test('has words, sources and at least two examples', () => {
    expect(rule.summary).toMatch(/^[A-Z].*\.$/)
    expect(rule.why.split(/(?<=\.)\s/).length).toBeGreaterThanOrEqual(2)
    expect(rule.sources.filter((source) => !/^[a-z_-]+:\S+$/.test(source))).toEqual([])
    expect(rule.sources.length).toBeGreaterThan(0)
    expect(rule.hazards.length).toBeGreaterThan(0)
    expect(rule.examples.length).toBeGreaterThanOrEqual(2)
  })

  test.each(rule.examples.map((example, index) => ({ number: index + 1, example })))(
    'example $number: bad is reported, good is not',
    ({ example }) => {
      const bad = findings(example, 'bad')
      const own = bad.filter((finding) => finding.rule === rule.id)
      expect(bad.map((finding) => finding.rule)).toContain(rule.id)
      for (const finding of own) {
        const underlined = finding.file.text.slice(finding.span.start, finding.span.end)
        expect(underlined).not.toBe('')
        expect(finding.message).toMatch(/^\S.*\.$/)
        expect(finding.instead ?? '').not.toBe('')
      }
      expect(findings(example, 'good').map(summary)).toEqual([])
    },
  )
})

/** What every rule together says about an example. */
function findings(example: RuleExample, which: 'bad' | 'good'): readonly Finding[] {
  const { given, judged } = exampleHistory(example, which)
  const report = new Set(judged.map((migration) => migration.id))
  const released = example.oneRelease === true ? report : undefined
  const target = example.versions?.to ?? 18
  return lint({ history: [...given, ...judged], report, released, rules, dialect: postgres, target }).findings
}

function summary(finding: Finding): string {
  return `${finding.rule} ${finding.severity}: ${finding.message}`
}
