import { seededRandom } from '../../bench/random.ts'
import { applicationRole, entities, entityQueries, entityStep, roleStep } from './entities.ts'
import { type Fault, faults } from './faults.ts'
import { goodSteps } from './good-steps.ts'
import type { Entity, Step } from './step.ts'

/** A file of the history, with its path below the directory of migrations. */
export interface PlantedFile {
  readonly path: string
  readonly text: string
}

export interface PlantedHistory {
  /** Migrations and the contracts of two releases. */
  readonly files: readonly PlantedFile[]
  /** Ids of all migrations in their order, each with what was planted in it. */
  readonly migrations: readonly { readonly id: string; readonly step: Step }[]
}

/** As many of each kind as give 60. */
const plantedOfEachKind = 3
const length = 300

/**
 * 300 migrations with their downgrades, of which 60 have a fault, one for each of as many tables; and what the running
 * version of the application sends, captured once when the tables were there and once in the middle. Same seed, same bytes.
 */
export function plantedHistory(seed: number): PlantedHistory {
  const random = seededRandom(seed)
  const planted = plantFaults()
  const rest: Step[] = planted.map(({ step }) => step)
  const names = Object.keys(goodSteps)
  while (1 + entities.length + rest.length < length) {
    const number = rest.length
    const name = names[number % names.length] ?? ''
    const entity = entities[random.below(entities.length)]
    const make = goodSteps[name]
    if (entity === undefined || make === undefined) throw new Error('There is nothing to make a good step of.')
    rest.push({ name: `${entity.name}_${name}`, ...make(entity, number) })
  }
  const steps = [roleStep, ...entities.map(entityStep), ...shuffled(rest, random.below)]
  const migrations = steps.map((step, index) => ({ id: String(20_260_101_000_001 + index), step }))
  const middle = 1 + entities.length + Math.floor(rest.length / 2)
  const changed = new Set(steps.slice(0, middle))
  const working = entities.filter(
    (entity) =>
      !planted.some((one) => one.entity === entity && one.fault.breaksQueries === true && changed.has(one.step)),
  )
  return {
    migrations,
    files: [
      ...migrations.map(({ id, step }) => ({ path: `${id}_${step.name}.sql`, text: migrationText(step) })),
      contract('2026.1', migrations[entities.length]?.id ?? '', entities),
      contract('2026.2', migrations[middle - 1]?.id ?? '', working),
    ],
  }
}

interface Planted {
  readonly fault: Fault
  readonly step: Step
  readonly entity: Entity
}

function plantFaults(): readonly Planted[] {
  const free = [...entities]
  // The choosy ones first, so that the others leave them something.
  const inOrder = faults.toSorted((a, b) => Number(a.needs === undefined) - Number(b.needs === undefined))
  return inOrder.flatMap((fault) =>
    Array.from({ length: plantedOfEachKind }, () => {
      const index = free.findIndex((entity) => fits(fault, entity))
      const [entity] = free.splice(index, 1)
      if (index === -1 || entity === undefined) throw new Error(`There is no table left for the fault ${fault.kind}.`)
      const step = { name: `${entity.name}_${fault.kind}`, ...fault.plant(entity) }
      return { fault, step, entity }
    }),
  )
}

function fits(fault: Fault, { name, parent }: Entity): boolean {
  if (fault.needs === 'parent') return parent !== undefined
  if (fault.needs === 'no children') return entities.every((entity) => entity.parent !== name)
  return true
}

function shuffled<Value>(values: readonly Value[], below: (limit: number) => number): readonly Value[] {
  const keyed = values.map((value) => ({ value, key: below(1_000_000_000) }))
  return keyed.toSorted((a, b) => a.key - b.key).map(({ value }) => value)
}

function migrationText({ up, down, directives = [], transaction }: Step): string {
  const mode = transaction === false ? ' transaction:false' : ''
  const back =
    typeof down === 'string'
      ? [`-- migrate:down${mode}`, ...directives, down]
      : [`-- migrate:down none because ${down.none}`]
  return [`-- migrate:up${mode}`, up, '', ...back, ''].join('\n')
}

function contract(release: string, migration: string, about: readonly Entity[]): PlantedFile {
  const header = {
    lockstep: 'queries',
    version: 1,
    release,
    migration,
    role: applicationRole,
    searchPath: null,
    source: ['file'],
  }
  const statements = about.flatMap(entityQueries).toSorted()
  const lines = statements.map((sql) => {
    const count = new Set(sql.match(/\$\d+/g)).size
    return { sql, parameters: Array.from({ length: count }, () => ({ type: null })), calls: null, from: 'file' }
  })
  return {
    path: `queries/${release}.jsonl`,
    text: [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''),
  }
}
