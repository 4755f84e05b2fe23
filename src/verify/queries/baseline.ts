import { type Effects, changeOf } from './effects.ts'
import type { Observation, Run, Task } from './observe.ts'
import { wavering } from './same-rows.ts'
import type { ValueSet } from './values.ts'

/** What a statement gave before the migration, and how far that can be compared. */
export interface Baseline {
  readonly task: Task
  readonly observation: Observation
  /** By value set. */
  readonly steady: readonly Steadiness[]
}

/** What of an answer was the same when the same was asked twice: times, random values and sequences are not. */
export interface Steadiness {
  /** Places of columns that differ; undefined: the number of rows does. */
  readonly wavering: ReadonlySet<number> | undefined
  /** `table.column` that differ. */
  readonly effects: ReadonlySet<string>
}

/** Of all value sets that were tried, those worth trying again: one that finds rows, one that does not, and invented ones. */
export function chooseSets(sets: readonly ValueSet[], { runs }: Observation): readonly ValueSet[] {
  const works = sets.filter((_, index) => runs[index] !== undefined && runs[index]?.failure === undefined)
  const hits = (set: ValueSet): boolean => (runs[sets.indexOf(set)]?.count ?? 0) > 0
  const captured = works.filter(({ from }) => from === 'captured')
  const stored = works.filter(({ from }) => from === 'rows')
  const found = stored.filter(hits).slice(0, 2)
  const invented = works.filter(({ from }) => from === 'invented')
  return [...captured, ...(found.length > 0 ? found : stored.slice(0, 1)), ...invented]
}

/** A baseline from two observations of the same statement in two transactions. */
export function baselineOf(task: Task, first: Observation, second: Observation): Baseline {
  const steady = second.runs.map((run, index) => steadiness(first.runs[index] ?? run, run))
  return { task, observation: second, steady }
}

function steadiness(first: Run, second: Run): Steadiness {
  return { wavering: wavering(first.rows, second.rows), effects: waveringEffects(first.effects, second.effects) }
}

function waveringEffects(first: Effects, second: Effects): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [table, print] of second) {
    for (const [column, change] of changeOf(print, first.get(table) ?? print))
      if (change !== 0n) found.add(`${table}.${column}`)
  }
  return found
}
