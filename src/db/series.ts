import type { Client, Connection as Wire, Query } from 'pg'
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
 * Sends statements over the wire with a single Sync behind them all: from the first that fails to the Sync the server
 * reads nothing, so that none of the others is run.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
export type SendSeries = (client: Client, steps: readonly SentStep[]) => Promise<void>

/** The driver pipelines nothing but its own kind of query, so a series is one, with other messages. */
export function seriesWith(Kind: typeof Query): SendSeries {
  class Series extends Kind {
    readonly #steps: readonly SentStep[]
    #done = 0
    #wrong: unknown

    constructor(steps: readonly SentStep[], ended: (error: unknown) => void) {
      super({ text: '' }, (error) => ended(error ?? this.#wrong))
      this.#steps = steps
    }

    override submit = (wire: Wire): void => {
      for (const { sql, parameters, name, isKnown, turn } of this.#steps) {
        // What was answered before is known by then, and not only at the end.
        if (turn !== undefined) wire.flush()
        if (!isKnown) wire.parse({ name, text: sql, types: [] }, true)
        wire.bind({ statement: name, values: parameters?.map(textOf) ?? [] }, true)
        wire.execute(null, true)
      }
      wire.sync()
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
  return (client, steps) =>
    new Promise((resolve, reject) => {
      client.query(new Series(steps, (error) => (error instanceof Error ? reject(error) : resolve())))
    })
}

function textOf(value: string | number | boolean | null): string | null {
  return value === null ? null : String(value)
}
