import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { silentLog } from '../src/core/log.ts'
import { postgres } from '../src/dialects/postgres/postgres.ts'
import { rules } from '../src/rules/registry.gen.ts'
import type { Rule } from '../src/rules/rule.ts'
import { local } from '../src/shadows/local.ts'
import { measureExample } from './measure/measure-example.ts'
import { exampleToMeasure, readMeasurements, runsOn, writeMeasurements } from './measure/measurements-file.ts'
import type { MeasuredRule, Measurements } from './measure/measurements-file.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Measures the examples of rules on major versions that are installed, and writes `docs/measurements/<rule>.json`. */
async function main(asked: readonly Rule[], majors: readonly number[]): Promise<void> {
  await postgres.load()
  const known = readMeasurements()
  let measurements: Measurements = Object.fromEntries(
    asked.flatMap((rule) => {
      const measured = exampleToMeasure(rule)
      if (measured === undefined) return []
      const before = known[rule.id]
      const majorsBefore = before?.example === measured.index ? before.majors : {}
      return [[rule.id, { example: measured.index, majors: majorsBefore } satisfies MeasuredRule]]
    }),
  )
  for (const major of majors) measurements = await onMajor(major, asked, measurements)
  writeMeasurements(measurements, rules)
}

async function onMajor(major: number, asked: readonly Rule[], measurements: Measurements): Promise<Measurements> {
  const options = {
    major,
    cacheDirectory: join(root, '.cache'),
    searchIn: [join(root, 'test/matrix')],
    log: silentLog,
  }
  const availability = await local.available(options)
  if (!availability.available) {
    console.error(`PostgreSQL ${major} is left out: ${availability.reason}.`)
    process.exitCode = 1
    return measurements
  }
  const server = await local.start(options)
  const next: Record<string, MeasuredRule> = { ...measurements }
  try {
    for (const rule of asked) {
      const measured = exampleToMeasure(rule)
      const before = next[rule.id]
      if (measured === undefined || before === undefined || !runsOn(measured.example, major)) continue
      const database = await server.createDatabase()
      const effects = await measureExample(() => database.connect(), measured.example)
      await database.drop()
      next[rule.id] = { ...before, majors: { ...before.majors, [major]: effects } }
    }
  } finally {
    await server.stop()
  }
  console.log(`PostgreSQL ${major}: ${Object.keys(next).length} rules measured.`)
  return next
}

/** Words are rules, numbers are major versions: `npx tsx scripts/measure.ts drop-column 14 18`; all where none is named. */
const words = process.argv.slice(2)
const majors = words.map(Number).filter(Number.isInteger)
const asked = rules.filter(({ id }) => words.includes(id))
await main(asked.length > 0 ? asked : rules, majors.length > 0 ? majors : postgres.versions)
