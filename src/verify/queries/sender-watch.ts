import type { Connection } from '../../model/database.ts'
import { nameText } from '../../model/name.ts'
import { type Baseline, baselineOf, chooseSets } from './baseline.ts'
import { changedFor } from './changed-data.ts'
import type { ChangedData } from './changed-data.ts'
import { type Finding, notCovered, refused } from './finding.ts'
import { judgeColumns } from './judge-columns.ts'
import { judgeCopy } from './judge-copy.ts'
import { judgeObstacles } from './judge-obstacles.ts'
import { judgeRuns } from './judge-runs.ts'
import type { Observation, Task } from './observe.ts'
import { parameterTypes } from './observe.ts'
import { type Observed, observeAll } from './observe-all.ts'
import { reachesOutside } from './outside.ts'
import { type Piece, relationsOf, writesOf } from './pieces.ts'
import { type RelationShape, type Relations, readRelations, relationNamed } from './relations.ts'
import { type Sender, asSender, become, failureText } from './session.ts'
import { type Samples, sampleRows, valueSets } from './values.ts'

/** One statement with what is known of it from before the migration. */
export interface Watched {
  readonly piece: Piece
  /** Why nothing can be said of it; undefined: it is checkable. */
  readonly uncheckable?: string
  /** Why it was not executed, where the rest was checked. */
  readonly unexecuted?: string
  readonly baseline?: Baseline
}

/** Why and where rows may differ. */
export interface DataChanges {
  readonly changed: ChangedData
  readonly through: ReadonlySet<string>
  readonly reason: (table: string) => string
}

/** The statements of one role with one search path, from stop to stop. */
export class SenderWatch {
  readonly #sender: Sender
  readonly #pieces: readonly Piece[]
  #relations: Relations = new Map()
  #observed: Observed = { observations: [], held: new Map(), types: new Map() }
  #watched: readonly Watched[] = []

  constructor(sender: Sender, pieces: readonly Piece[]) {
    this.#sender = sender
    this.#pieces = pieces
  }

  get watched(): readonly Watched[] {
    return this.#watched
  }

  /** Makes the baseline: which statements work before the migration, with which values, and what they give. */
  async before(connection: Connection): Promise<void> {
    const candidates = await this.#candidates(connection)
    const first = await observeAll(connection, this.#sender, candidates)
    const chosen = candidates.map((task, index): Task => {
      const seen = first.observations[index]
      return seen === undefined ? task : { ...task, sets: chooseSets(task.sets, seen) }
    })
    this.#observed = await observeAll(connection, this.#sender, chosen)
    const watched = chosen.map((task, index) =>
      this.#watch(task, candidates[index]?.sets ?? [], first.observations[index], this.#observed.observations[index]),
    )
    this.#watched = [...watched, ...this.#pieces.filter(isNotObserved).map((piece) => this.#watchOther(piece))]
  }

  /** What each watched statement gives now, judged against the baseline; by their order. */
  async check(
    connection: Connection,
    data: DataChanges,
    first?: () => Promise<unknown>,
  ): Promise<readonly (readonly Finding[])[]> {
    const relations = await asSender(connection, this.#sender, () => this.#readRelations(connection), first)
    const tasks = this.#watched.flatMap(({ baseline }) =>
      baseline === undefined ? [] : [{ ...baseline.task, writes: writtenBy(baseline.task.piece, relations) }],
    )
    const now = await observeAll(connection, this.#sender, tasks, first)
    let place = 0
    return this.#watched.map((watched) => {
      const { baseline, piece, uncheckable } = watched
      if (uncheckable !== undefined) return []
      if (baseline === undefined) return this.#judgeCopy(piece, relations)
      const observation = now.observations[place]
      place += 1
      return observation === undefined ? [] : this.#judge(watched, baseline, observation, now, relations, data)
    })
  }

  async #candidates(connection: Connection): Promise<readonly Task[]> {
    const pieces = this.#pieces.filter((piece) => !isNotObserved(piece))
    return asSender(connection, this.#sender, async () => {
      this.#relations = await this.#readRelations(connection)
      const sampling = this.#sample(connection, pieces)
      const became = become(connection, this.#sender)
      const typing = Promise.all(pieces.map((piece) => parameterTypes(connection, piece)))
      const [samples, , types] = await Promise.all([sampling, became, typing])
      return pieces.map((piece, index): Task => {
        const own = types[index] ?? []
        const source = { relations: this.#relations, samples, types: own }
        const sets = reachesOutside(piece.shape.functions) === undefined ? valueSets(piece, source) : []
        return { piece, parameters: own.length, sets, writes: writtenBy(piece, this.#relations) }
      })
    })
  }

  #readRelations(connection: Connection): Promise<Relations> {
    return readRelations(connection, this.#pieces.flatMap(relationsOf))
  }

  async #sample(connection: Connection, pieces: readonly Piece[]): Promise<Samples> {
    const wanted = new Set(
      pieces.flatMap(({ shape }) => shape.parameters.flatMap(({ column }) => (column?.tables ?? []).map(nameText))),
    )
    const known = [...this.#relations].filter(([written]) => wanted.has(written))
    const answers = known.map(([, { name }]) => connection.texts(`select * from ${name} limit ${sampleRows}`))
    const rows = await Promise.all(answers)
    return new Map(known.map(([written], index) => [written, rows[index]?.rows ?? []]))
  }

  #watch(task: Task, tried: Task['sets'], first: Observation | undefined, second: Observation | undefined): Watched {
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

  #watchOther(piece: Piece): Watched {
    if (piece.kind !== 'copy') return { piece, uncheckable: 'It is neither a query nor a change of data.' }
    const copy = copyOf(piece)
    if (copy?.table === undefined || relationNamed(this.#relations, copy.table) === undefined)
      return { piece, uncheckable: `It does not work before the migration: there is no such table.` }
    return { piece }
  }

  #judgeCopy(piece: Piece, relations: Relations): readonly Finding[] {
    const copy = copyOf(piece)
    const before = copy?.table === undefined ? undefined : relationNamed(this.#relations, copy.table)
    if (copy?.table === undefined || before === undefined) return []
    const now = relationNamed(relations, copy.table)
    const findings = judgeCopy(copy, before, now)
    return findings.length > 0 || now === undefined ? findings : this.#obstacles(piece, relations, false, false)
  }

  #judge(
    { piece, unexecuted }: Watched,
    baseline: Baseline,
    observation: Observation,
    now: Observed,
    relations: Relations,
    data: DataChanges,
  ): readonly Finding[] {
    if (observation.failure !== undefined) return [refused('broken', observation.failure)]
    const types = { before: this.#observed.types, now: now.types }
    const { findings, places } = judgeColumns(baseline.observation.columns, observation.columns, piece.shape, types)
    if (findings.some(({ standing }) => standing === 'broken')) return findings
    const changed = changedFor(piece, data.changed, data.through, this.#relations)
    const tables = baseline.task.writes.flatMap((before) => {
      const is = [...relations.values()].find(({ name }) => name === before.name)
      return is === undefined ? [] : [{ before, now: is }]
    })
    const context = {
      places,
      held: { before: this.#observed.held, now: now.held },
      tables,
      expected: changed === undefined ? undefined : data.reason(changed),
    }
    const runs = judgeRuns(baseline, observation, context)
    if (runs.length > 0) return [...findings, ...runs]
    const hit = observation.runs.some(({ count, failure }) => failure === undefined && count > 0)
    const captured = baseline.task.sets.some(({ from }) => from === 'captured')
    const obstacles = this.#obstacles(piece, relations, hit, captured)
    if (obstacles.length > 0 || unexecuted === undefined) return [...findings, ...obstacles]
    return [...findings, notCovered(unexecuted)]
  }

  #obstacles(piece: Piece, relations: Relations, hit: boolean, captured: boolean): readonly Finding[] {
    const found = writesOf(piece).flatMap((write) => {
      const before = relationNamed(this.#relations, write.table)
      const now = relationNamed(relations, write.table)
      return before === undefined || now === undefined ? [] : judgeObstacles(write, before, now, { hit, captured })
    })
    const broken = found.filter(({ standing }) => standing === 'broken')
    return broken.length > 0 ? broken.slice(0, 1) : found.slice(0, 1)
  }
}

function isNotObserved({ kind }: Piece): boolean {
  return kind === 'copy' || kind === 'session'
}

function copyOf({ facts }: Piece) {
  return facts.find((fact) => fact.kind === 'copy')
}

function writtenBy(piece: Piece, relations: Relations): readonly RelationShape[] {
  const shapes = writesOf(piece).flatMap(({ table }) => relationNamed(relations, table) ?? [])
  return [...new Map(shapes.map((shape) => [shape.name, shape])).values()]
}

function whyNot({ shape }: Piece, { runs }: Observation): string {
  const outside = reachesOutside(shape.functions)
  if (outside !== undefined)
    return `It was prepared and planned, but not executed: ${outside}() reaches outside the database.`
  const failure = runs.find((run) => run.failure !== undefined)?.failure
  return `It was prepared and planned, but none of the values that were tried can be executed before the migration${failure === undefined ? '' : `: ${failureText(failure)}`}.`
}
