import { beforeAll, describe, expect, test } from 'vitest'
import { exampleHistory } from '../../scripts/measure/example-migrations.ts'
import { apply, measureExample, prepare } from '../../scripts/measure/measure-example.ts'
import type { MeasuredEffect } from '../../scripts/measure/measure-example.ts'
import { exampleToMeasure, readMeasurements, runsOn } from '../../scripts/measure/measurements-file.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { rules } from '../../src/rules/registry.gen.ts'
import type { RuleExample } from '../../src/rules/rule.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'
import { claimedEffects, claimsNothing, queriedTables } from './claims.ts'

beforeAll(() => postgres.load())

describe.each(rules.map((rule) => ({ id: rule.id, rule })))('$id', ({ rule }) => {
  const examples = rule.examples
    .map((example, index) => ({ number: index + 1, example }))
    .filter(({ example }) => runsOn(example, serverMajor()))

  test.each(examples)('example $number: the server does what is claimed', async ({ example }) => {
    const database = await createDatabase()
    const measuring = measureExample(() => database.connect(), example)
    if (example.fails !== undefined) {
      await expect(measuring).rejects.toMatchObject({ sqlState: example.fails })
      return
    }
    const measured = await measuring
    const claimed = claimedEffects(example, serverMajor())
    if (claimsNothing(example)) expect(claimed).toEqual([])
    else expect(withoutQueryScans(claimed, example)).toEqual(withoutQueryScans(byTable(measured), example))
  })

  test.each(examples)('example $number: what is written instead runs', async ({ example }) => {
    const database = await createDatabase()
    const connection = await database.connect()
    const { given, judged } = exampleHistory(example, 'good')
    await prepare(connection, given)
    await expect(apply(connection, judged)).resolves.toBeUndefined()
  })

  test('the documented values are those of this server', async () => {
    const toMeasure = exampleToMeasure(rule)
    const documented = readMeasurements()[rule.id]
    if (toMeasure === undefined) {
      expect(documented).toBeUndefined()
      return
    }
    if (!runsOn(toMeasure.example, serverMajor())) {
      expect(documented?.majors[serverMajor()]).toBeUndefined()
      return
    }
    const database = await createDatabase()
    const measured = await measureExample(() => database.connect(), toMeasure.example)
    expect({ example: documented?.example, effects: documented?.majors[serverMajor()] }).toEqual({
      example: toMeasure.index,
      effects: measured,
    })
  })
})

/** How a query finds its rows is the planner's choice, so nothing is claimed about it: only DDL scans are compared. */
function withoutQueryScans(effects: readonly MeasuredEffect[], example: RuleExample): readonly MeasuredEffect[] {
  const queried = queriedTables(example)
  return effects.map((effect) => (queried.has(effect.table) ? { ...effect, scans: false } : effect))
}

function byTable(effects: readonly MeasuredEffect[]): readonly MeasuredEffect[] {
  return effects.toSorted((a, b) => (a.table < b.table ? -1 : 1))
}
