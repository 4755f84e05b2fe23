import { type Baseline, baselineOf } from './baseline.ts'
import type { Observation, Task } from './observe.ts'
import { reachesOutside } from './outside.ts'
import { type Piece, copyOf } from './pieces.ts'
import { type Relations, relationNamed } from './relations.ts'
import { failureText } from './session.ts'

/** One statement with what is known of it from before the migration. */
export interface Watched {
  readonly piece: Piece
  /** Why nothing can be said of it; undefined: it is checkable. */
  readonly uncheckable?: string
  /** Why it was not executed, where the rest was checked. */
  readonly unexecuted?: string
  readonly baseline?: Baseline
}

/** A statement after it was observed twice before the migration; `tried`: the values of the first time. */
export function watchedOf(
  task: Task,
  tried: Task['sets'],
  first: Observation | undefined,
  second: Observation | undefined,
): Watched {
  const { piece } = task
  if (first === undefined || second === undefined) return { piece, uncheckable: 'It was not observed.' }
  const failure = second.failure ?? first.failure
  if (failure !== undefined)
    return { piece, uncheckable: `It does not work before the migration: ${failureText(failure)}.` }
  const kept = task.sets.flatMap((set) => first.runs[tried.indexOf(set)] ?? [])
  const unexecuted = task.sets.length > 0 || piece.kind === 'command' ? undefined : whyNot(piece, first)
  return {
    piece,
    baseline: baselineOf(task, { ...first, runs: kept }, second),
    ...(unexecuted === undefined ? {} : { unexecuted }),
  }
}

/** A statement that is not observed: it is judged by the columns of its table, or not at all. */
export function watchedByCatalogue(piece: Piece, relations: Relations): Watched {
  if (piece.kind !== 'copy') return { piece, uncheckable: 'It is neither a query nor a change of data.' }
  const copy = copyOf(piece)
  if (copy?.table === undefined || relationNamed(relations, copy.table) === undefined)
    return { piece, uncheckable: `It does not work before the migration: there is no such table.` }
  return { piece }
}

function whyNot({ shape }: Piece, { runs }: Observation): string {
  const outside = reachesOutside(shape.functions)
  if (outside !== undefined)
    return `It was prepared and planned, but not executed: ${outside}() reaches outside the database.`
  const failure = runs.find((run) => run.failure !== undefined)?.failure
  return `It was prepared and planned, but none of the values that were tried can be executed before the migration${failure === undefined ? '' : `: ${failureText(failure)}`}.`
}
