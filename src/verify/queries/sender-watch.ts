import type { Connection } from '../../model/database.ts'
import { nameText } from '../../model/name.ts'
import { chooseSets } from './baseline.ts'
import type { DataChanges } from './data-changes.ts'
import type { Finding } from './finding.ts'
import { judgeCopied, judgeQuery } from './judge-query.ts'
import { type Task, parameterTypes } from './observe.ts'
import { type Observed, observeAll } from './observe-all.ts'
import { reachesOutside } from './outside.ts'
import { type Piece, relationsOf, writesOf } from './pieces.ts'
import { type RelationShape, type Relations, readRelations, relationNamed } from './relations.ts'
import { type Sender, asSender, become } from './session.ts'
import { type Samples, sampleRows, valueSets } from './values.ts'
import { type Watched, watchedByCatalogue, watchedOf } from './watched.ts'

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
      watchedOf(task, candidates[index]?.sets ?? [], first.observations[index], this.#observed.observations[index]),
    )
    this.#watched = [
      ...watched,
      ...this.#pieces.filter(isNotObserved).map((piece) => watchedByCatalogue(piece, this.#relations)),
    ]
  }

  /** What each watched statement gives now, judged against the baseline; by their order. */
  async check(
    connection: Connection,
    data: DataChanges | undefined,
    first?: () => Promise<unknown>,
  ): Promise<readonly (readonly Finding[])[]> {
    const relations = await asSender(connection, this.#sender, () => this.#readRelations(connection), first)
    const tasks = this.#watched.flatMap(({ baseline }) =>
      baseline === undefined ? [] : [{ ...baseline.task, writes: writtenBy(baseline.task.piece, relations) }],
    )
    const now = await observeAll(connection, this.#sender, tasks, first)
    const before = { relations: this.#relations, observed: this.#observed }
    const sides = { before, now: { relations, observed: now }, data }
    let place = 0
    return this.#watched.map((watched) => {
      const { baseline, piece, uncheckable } = watched
      if (uncheckable !== undefined) return []
      if (baseline === undefined) return judgeCopied(piece, sides)
      const observation = now.observations[place]
      place += 1
      return observation === undefined ? [] : judgeQuery(watched, baseline, observation, sides)
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
}

function isNotObserved({ kind }: Piece): boolean {
  return kind === 'copy' || kind === 'session'
}

function writtenBy(piece: Piece, relations: Relations): readonly RelationShape[] {
  const shapes = writesOf(piece).flatMap(({ table }) => relationNamed(relations, table) ?? [])
  return [...new Map(shapes.map((shape) => [shape.name, shape])).values()]
}
