import type { Baseline } from './baseline.ts'
import type { DataChanges } from './data-changes.ts'
import { type Finding, notCovered, refused } from './finding.ts'
import { judgeColumns } from './judge-columns.ts'
import { judgeCopy } from './judge-copy.ts'
import { type Executed, judgeObstacles } from './judge-obstacles.ts'
import { judgeRuns } from './judge-runs.ts'
import type { Observation } from './observe.ts'
import type { Observed } from './observe-all.ts'
import { type Piece, copyOf, writesOf } from './pieces.ts'
import { type Relations, relationNamed } from './relations.ts'
import type { Watched } from './watched.ts'

/** The two sides that are compared. */
export interface Sides {
  readonly before: Side
  readonly now: Side
  /** Why rows may be others. */
  readonly data: DataChanges | undefined
}

export interface Side {
  readonly relations: Relations
  readonly observed: Observed
}

/** What a statement that was observed gives now, against what it gave before. */
export function judgeQuery(
  { piece, unexecuted }: Watched,
  baseline: Baseline,
  observation: Observation,
  sides: Sides,
): readonly Finding[] {
  if (observation.failure !== undefined) return [refused('broken', observation.failure)]
  const { before, now } = sides
  const types = { before: before.observed.types, now: now.observed.types }
  const { findings, places } = judgeColumns(baseline.observation.columns, observation.columns, piece.shape, types)
  if (findings.some(({ standing }) => standing === 'broken')) return findings
  const runs = judgeRuns(baseline, observation, runContext(piece, baseline, places, sides))
  if (runs.length > 0) return [...findings, ...runs]
  const executed = {
    hit: observation.runs.some(({ count, failure }) => failure === undefined && count > 0),
    captured: baseline.task.sets.some(({ from }) => from === 'captured'),
  }
  const obstacles = obstaclesOf(piece, sides, executed)
  if (obstacles.length > 0 || unexecuted === undefined) return [...findings, ...obstacles]
  return [...findings, notCovered(unexecuted)]
}

function runContext(
  piece: Piece,
  { task }: Baseline,
  places: readonly number[],
  { before, now, data }: Sides,
): Parameters<typeof judgeRuns>[2] {
  const tables = task.writes.flatMap((was) => {
    const is = [...now.relations.values()].find(({ name }) => name === was.name)
    return is === undefined ? [] : [{ before: was, now: is }]
  })
  const held = { before: before.observed.held, now: now.observed.held }
  return { places, held, tables, expected: data?.expectedFor(piece, before.relations) }
}

/** What a COPY of a table depends on now. */
export function judgeCopied(piece: Piece, sides: Sides): readonly Finding[] {
  const copy = copyOf(piece)
  const before = copy?.table === undefined ? undefined : relationNamed(sides.before.relations, copy.table)
  if (copy?.table === undefined || before === undefined) return []
  const now = relationNamed(sides.now.relations, copy.table)
  const findings = judgeCopy(copy, before, now)
  if (findings.length > 0 || now === undefined) return findings
  return obstaclesOf(piece, sides, { hit: false, captured: false })
}

/** One finding a statement: what is certain first. */
function obstaclesOf(piece: Piece, { before, now }: Sides, executed: Executed): readonly Finding[] {
  const found = writesOf(piece).flatMap((write) => {
    const was = relationNamed(before.relations, write.table)
    const is = relationNamed(now.relations, write.table)
    return was === undefined || is === undefined ? [] : judgeObstacles(write, was, is, executed)
  })
  const broken = found.filter(({ standing }) => standing === 'broken')
  return broken.length > 0 ? broken.slice(0, 1) : found.slice(0, 1)
}
