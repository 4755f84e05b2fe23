import { plural } from '../../core/text.ts'
import type { Baseline, Steadiness } from './baseline.ts'
import { type Effects, changeOf } from './effects.ts'
import { type Finding, broken, notCovered, refused } from './finding.ts'
import type { Observation, Run } from './observe.ts'
import type { RelationShape } from './relations.ts'
import { type RowOrder, pick, sameRows } from './same-rows.ts'
import type { Failure } from './session.ts'
import type { ValueSet } from './values.ts'

export interface RunContext {
  /** For each column of the baseline its place now. */
  readonly places: readonly number[]
  /** What the tables held at either stop, before any statement. */
  readonly held: { readonly before: Effects; readonly now: Effects }
  /** Written tables as they were and are: columns of another type are not compared. */
  readonly tables: readonly { readonly before: RelationShape; readonly now: RelationShape }[]
  /** Why other rows are to be expected; undefined: they are not. */
  readonly expected: string | undefined
}

/** What the executions tell, against those of the baseline with the same values. */
export function judgeRuns(baseline: Baseline, now: Observation, context: RunContext): readonly Finding[] {
  for (const [index, run] of now.runs.entries()) {
    const before = baseline.observation.runs[index]
    const set = baseline.task.sets[index]
    const steady = baseline.steady[index]
    if (before === undefined || before.failure !== undefined || set === undefined || steady === undefined) continue
    const found = run.failure === undefined ? undefined : judgeFailure(run.failure, set)
    if (found !== undefined) return [found]
    const difference = run.failure === undefined ? differenceOf(baseline, before, run, steady, context) : undefined
    if (difference !== undefined) return [difference]
  }
  return []
}

/**
 * Values that nobody sent may break a rule that the application keeps; but a type that no longer holds what it held is
 * another contract.
 */
function judgeFailure(failure: Failure, { from }: ValueSet): Finding {
  if (failure.sqlState === '57014') return refused('not covered', failure)
  const mayBeKept = from === 'invented' && (failure.sqlState?.startsWith('23') === true || failure.sqlState === 'P0001')
  if (mayBeKept)
    return refused(
      'not covered',
      failure,
      '. That was with a made-up value: whether the application sends one is not known.',
    )
  return refused('broken', failure)
}

function differenceOf(
  { task, observation }: Baseline,
  before: Run,
  now: Run,
  { wavering, effects }: Steadiness,
  { places, held, tables, expected }: RunContext,
): Finding | undefined {
  const text =
    before.count !== now.count && wavering !== undefined
      ? `It ${task.writes.length > 0 ? 'changes' : 'gives'} ${plural(now.count, 'row')} instead of ${before.count}.`
      : (rowDifference(task.piece.shape, observation, before, now, wavering, places) ??
        effectDifference(before, now, effects, held, tables))
  if (text === undefined) return undefined
  return expected === undefined ? broken(text) : notCovered(`${text} ${expected}`)
}

function rowDifference(
  { ordered, limited, sortKeys }: Pick<Baseline['task']['piece']['shape'], 'ordered' | 'limited' | 'sortKeys'>,
  { columns }: Observation,
  before: Run,
  now: Run,
  wavering: ReadonlySet<number> | undefined,
  places: readonly number[],
): string | undefined {
  if (wavering === undefined || places.length < columns.length) return undefined
  const steady = [...columns.keys()].filter((place) => !wavering.has(place))
  const keys = sortKeys?.map((key) =>
    steady.findIndex((place) => (typeof key === 'number' ? place === key - 1 : columns[place]?.name === key)),
  )
  const order: RowOrder = { ordered, limited, ...(keys === undefined || keys.includes(-1) ? {} : { keys }) }
  const was = pick(before.rows, steady)
  const is = pick(
    now.rows,
    steady.map((place) => places[place] ?? place),
  )
  return sameRows(was, is, order) ? undefined : 'It gives other rows.'
}

function effectDifference(
  before: Run,
  now: Run,
  wavering: ReadonlySet<string>,
  held: RunContext['held'],
  tables: RunContext['tables'],
): string | undefined {
  for (const { before: was, now: is } of tables) {
    const changes = [
      [before.effects.get(was.name), held.before.get(was.name)],
      [now.effects.get(is.name), held.now.get(is.name)],
    ] as const
    const [old, current] = changes.map(([after, empty]) =>
      after === undefined || empty === undefined ? undefined : changeOf(after, empty),
    )
    if (old === undefined || current === undefined) continue
    const column = was.columns.find(
      ({ name, type }) =>
        is.columns.some((other) => other.name === name && other.type === type) &&
        !wavering.has(`${was.name}.${name}`) &&
        old.get(name) !== current.get(name),
    )
    if (column !== undefined) return `It writes something else into column ${column.name} of ${was.name}.`
  }
  return undefined
}
