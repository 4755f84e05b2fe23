import { beforeAll, expect, test } from 'vitest'
import { exampleHistory } from '../../scripts/measure/example-migrations.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { lint } from '../../src/lint/lint.ts'
import { rules } from '../../src/rules/registry.gen.ts'
import { found } from './found.ts'
import { unionRows, withoutRule } from './union-rows.ts'
import { unionVariants } from './union-variants.ts'

beforeAll(() => postgres.load())

/** How many hazards the list has; see docs/decisions/lint.md. */
const hazards = Array.from({ length: 150 }, (_, index) => index + 1)

test('each hazard has a rule, or a reason why it has none', () => {
  const covered = new Set(unionRows.map(({ hazard }) => hazard))
  expect(hazards.filter((hazard) => covered.has(hazard) === withoutRule.has(hazard))).toEqual([])
})

test.each(unionRows)('$hazard, $about: an example is found, and what is written instead is not', (row) => {
  const rule = rules.find(({ id }) => id === row.rule)
  const example = rule?.examples[(row.example ?? 1) - 1]
  if (rule === undefined || example === undefined) throw new Error(`${row.rule} has no such example.`)
  const reported = (which: 'bad' | 'good'): boolean => {
    const { given, judged } = exampleHistory(example, which)
    const report = new Set(judged.map(({ id }) => id))
    const released = example.oneRelease === true ? report : undefined
    const target = example.versions?.to ?? 18
    const history = [...given, ...judged]
    return lint({ history, report, released, rules: [rule], dialect: postgres, target }).findings.length > 0
  }
  expect({ bad: reported('bad'), good: reported('good') }).toEqual({ bad: true, good: false })
})

test.each(unionVariants)('$hazard: $rule about $sql', (variant) => {
  const ids = found({ why: variant.rule, given: variant.given, sql: variant.sql, reported: [] })
  expect({ ids, found: ids.some((id) => id.split(' ')[0] === variant.rule) }).toEqual({ ids, found: variant.found })
})

test('the variants hold both sides of each hazard that they are about', () => {
  const sides = new Map<number, Set<boolean>>()
  for (const { hazard, found: side } of unionVariants) sides.set(hazard, (sides.get(hazard) ?? new Set()).add(side))
  expect([...sides].filter(([, both]) => both.size < 2).map(([hazard]) => hazard)).toEqual([])
})
