import type { Dialect } from '../dialects/dialect.ts'
import type { CapturedParameter, CapturedStatement, CaptureSource } from '../model/captured.ts'
import type { QueryShape } from '../model/query.ts'
import type { LeftOut, LeftOutReason } from './left-out.ts'
import { LeftOutCounter } from './left-out.ts'
import { mergeStatements } from './merge.ts'
import { lex } from '../sql/lexer.ts'
import { skeletonOf } from './skeleton.ts'

/** A text as a source gives it: one statement, or several. */
export interface RawText {
  readonly sql: string
  readonly parameters: readonly CapturedParameter[]
  readonly calls: number | null
  readonly from: CaptureSource
  readonly place?: string
  readonly repaired?: readonly string[]
}

export interface CollectorOptions {
  readonly dialect: Dialect
  /** The schema of our journal: who reads only that is this tool. */
  readonly journalSchema: string
  /** Constants of logged statements and values of parameters are kept. */
  readonly values: boolean
}

/** What became of one text: statements without a count, or why there are none. */
type Outcome = readonly (Prepared | LeftOutReason)[]

interface Prepared {
  readonly sql: string
  readonly types: readonly (string | null)[]
  readonly changes: readonly string[]
}

/** Makes statements of a contract out of texts, and counts what is none. */
export class Collector {
  readonly #options: CollectorOptions
  readonly #leftOut = new LeftOutCounter()
  readonly #outcomes = new Map<string, Outcome | 'by text'>()
  readonly #statements = new Map<string, CapturedStatement>()
  #taken = 0

  constructor(options: CollectorOptions) {
    this.#options = options
  }

  add(raw: RawText): void {
    this.#taken += 1
    const { outcome, isNew } = this.#outcomeOf(raw)
    for (const one of outcome) {
      if (typeof one !== 'string') this.#keep(this.#statement(raw, one, outcome.length === 1))
      else if (isNew) this.#leftOut.add(one, exampleOf(raw))
    }
  }

  /** What a source leaves out itself. */
  leaveOut(reason: LeftOutReason, example?: string, count?: number): void {
    this.#leftOut.add(reason, example, count)
  }

  /** How many texts were given. */
  get taken(): number {
    return this.#taken
  }

  statements(): readonly CapturedStatement[] {
    return mergeStatements(this.#statements.values())
  }

  leftOut(): readonly LeftOut[] {
    return this.#leftOut.all()
  }

  /** A log has millions of texts that differ only in their constants; each is understood once. */
  #outcomeOf({ sql, from }: RawText): { readonly outcome: Outcome; readonly isNew: boolean } {
    const skeleton = this.#takesOut(from) ? skeletonOf(sql) : undefined
    const exact = `${from} ${sql}`
    const alike = skeleton === undefined ? undefined : this.#outcomes.get(skeleton)
    const known = alike === undefined || alike === 'by text' ? this.#outcomes.get(exact) : alike
    if (known !== undefined && known !== 'by text') return { outcome: known, isNew: false }
    const outcome = this.#prepare(sql, from)
    const stays = skeleton === undefined || outcome.some((one) => typeof one !== 'string' && holdsNumbers(one.sql))
    if (skeleton !== undefined) this.#outcomes.set(skeleton, stays ? 'by text' : outcome)
    if (stays) this.#outcomes.set(exact, outcome)
    return { outcome, isNew: true }
  }

  #takesOut(from: CaptureSource): boolean {
    return from === 'log' && !this.#options.values
  }

  #prepare(sql: string, from: CaptureSource): Outcome {
    const { queries, parse } = this.#options.dialect
    const shape = queries.shape(sql)
    if (shape !== undefined) return [this.#prepareOne(shape, from)]
    const { statements, problems } = parse(sql)
    const pieces = problems.length > 0 ? [] : statements.map((statement) => queries.shape(statement.sql))
    // A text without a statement says nothing, and nothing is lost with it.
    if (problems.length === 0 && statements.length === 0) return []
    return pieces.length === 0
      ? ['not-understood']
      : pieces.map((piece) => (piece === undefined ? 'not-understood' : this.#prepareOne(piece, from)))
  }

  #prepareOne(shape: QueryShape, from: CaptureSource): Prepared | LeftOutReason {
    if (shape.kind === 'utility') return 'utility'
    if (this.#isOwn(shape)) return 'own'
    if (shape.touches !== 'schema') return shape.touches
    const { queries } = this.#options.dialect
    const types = Array.from({ length: shape.parameters }, () => null)
    if (from === 'pg_stat_statements') return queries.mended(shape.sql) ?? 'not-understood'
    if (this.#takesOut(from)) return queries.withoutConstants(shape.sql) ?? 'constants'
    return { sql: shape.sql, types, changes: [] }
  }

  #isOwn({ relations }: QueryShape): boolean {
    const { journalSchema } = this.#options
    return relations.length > 0 && relations.every(({ schema }) => schema === journalSchema)
  }

  #statement(raw: RawText, { sql, types, changes }: Prepared, isWhole: boolean): CapturedStatement {
    // What is known of the parameters of a text with several statements belongs to none of them.
    const known = isWhole ? raw.parameters : []
    const repaired = [...(raw.repaired ?? []), ...changes]
    return {
      sql,
      parameters: types.map((type, index) => parameterOf(known[index], type, this.#options.values)),
      calls: raw.calls,
      from: raw.from,
      ...(raw.place === undefined || raw.from !== 'file' ? {} : { place: raw.place }),
      ...(repaired.length === 0 ? {} : { repaired }),
    }
  }

  #keep(statement: CapturedStatement): void {
    const key = `${statement.from} ${statement.sql} ${statement.parameters.map(({ type }) => type).join()}`
    const known = this.#statements.get(key)
    const [merged] = mergeStatements(known === undefined ? [statement] : [known, statement])
    if (merged !== undefined) this.#statements.set(key, merged)
  }
}

function parameterOf(known: CapturedParameter | undefined, type: string | null, values: boolean): CapturedParameter {
  const own = known?.type ?? type
  return values && known?.values !== undefined ? { type: own, values: known.values } : { type: own }
}

/** `ORDER BY 2` is another statement than `ORDER BY 1`, though only a constant differs. */
function holdsNumbers(sql: string): boolean {
  return lex(sql).some(({ kind }) => kind === 'number')
}

/** What stands in a log may be somebody's data, so of that only the place is told. */
function exampleOf({ sql, place, from }: RawText): string {
  const start = sql.trim().replaceAll(/\s+/g, ' ').slice(0, 60)
  return place === undefined ? start : from === 'log' ? place : `${place} ${start}`
}
