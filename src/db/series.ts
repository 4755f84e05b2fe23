import type { Client, Connection as Wire, Query } from 'pg'
import { serialize } from 'pg-protocol'
import type { SeriesStep } from '../model/database.ts'
import { rolledBackInstead } from './server-errors.ts'

/** A step as it is sent. */
export interface SentStep extends SeriesStep {
  /** Under which name the server keeps it; empty: not at all. */
  readonly name: string
  /** The server has read it before. */
  readonly isKnown: boolean
}

/**
 * Makes the messages of statements with a single Sync behind them all; what it gives sends them. From the first that
 * fails to the Sync the server reads nothing, so that none of the others is run.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
export type MakeSeries = (steps: readonly SentStep[]) => (client: Client) => Promise<void>

/** The driver pipelines nothing but its own kind of query, so a series is one, with other messages. */
export function seriesWith(Kind: typeof Query): MakeSeries {
  class Series extends Kind {
    readonly #steps: readonly SentStep[]
    readonly #messages: Buffer
    #done = 0
    #wrong: unknown
    /** Told how it ended. */
    ended: (error: unknown) => void = () => undefined

    constructor(steps: readonly SentStep[]) {
      super({ text: '' }, (error) => this.ended(error ?? this.#wrong))
      this.#steps = steps
      this.#messages = messagesOf(steps)
    }

    override submit = (wire: Wire): void => {
      if (wire.stream.writable) wire.stream.write(this.#messages)
      this.#steps[0]?.turn?.()
    }

    handleCommandComplete({ text }: { readonly text?: string }): void {
      // The server does not call it an error: what was taken for kept must not be.
      if (text === 'ROLLBACK' && this.#steps[this.#done]?.sql === 'commit') this.#wrong = rolledBackInstead()
      this.#done += 1
      if (this.#wrong === undefined) this.#steps[this.#done]?.turn?.()
    }

    handleEmptyQuery(): void {
      this.handleCommandComplete({})
    }

    handleDataRow(): void {
      // Nobody asked for rows.
    }
  }
  return (steps) => {
    const series = new Series(steps)
    return (client) =>
      new Promise((resolve, reject) => {
        series.ended = (error) => (error instanceof Error ? reject(error) : resolve())
        client.query(series)
      })
  }
}

/** All in one piece, made before its turn comes: between an answer and what is sent next the server has nothing to do. */
function messagesOf(steps: readonly SentStep[]): Buffer {
  const messages = steps.flatMap(({ sql, parameters, name, isKnown, turn, unhurried }, index) => [
    // What was answered before is known by then, and not only at the end.
    ...(turn === undefined || unhurried === true || index === 0 ? [] : [serialize.flush()]),
    ...(isKnown ? [] : [serialize.parse({ name, text: sql })]),
    serialize.bind({ statement: name, values: parameters?.map(textOf) ?? [] }),
    serialize.execute(),
  ])
  return Buffer.concat([...messages, serialize.sync()])
}

function textOf(value: string | number | boolean | null): string | null {
  return value === null ? null : String(value)
}
