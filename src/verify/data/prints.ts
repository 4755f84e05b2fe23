import type { Connection } from '../../model/database.ts'
import { type RowPrint, readRowPrint } from './row-print.ts'
import { readTableShapes } from './table-shapes.ts'
import { type TableState, readTableStates } from './table-states.ts'

/** Prints of all tables, by name. */
export type Prints = ReadonlyMap<string, RowPrint>

/** Knows the rows of every table of one database, and reads again only those that can have changed. */
export class PrintReader {
  readonly #known = new Map<string, { readonly signature: string; readonly print: RowPrint }>()
  #types: readonly string[] = []

  async read(connection: Connection): Promise<Prints> {
    const { tables: all, types } = await readTableStates(connection)
    const tables = all.filter(({ holdsRows }) => holdsRows)
    const now = new Set(types)
    if (!this.#types.every((part) => now.has(part))) this.#known.clear()
    this.#types = types
    const changed = tables.filter(({ name, signature }) => this.#known.get(name)?.signature !== signature)
    await this.#readAgain(connection, changed)
    return new Map(
      tables.flatMap(({ name }): readonly [string, RowPrint][] => {
        const known = this.#known.get(name)
        return known === undefined ? [] : [[name, known.print]]
      }),
    )
  }

  async #readAgain(connection: Connection, changed: readonly TableState[]): Promise<void> {
    const states = new Map(changed.map((state) => [state.oid, state]))
    const shapes = await readTableShapes(connection, [...states.keys()])
    const prints = shapes.map(async (shape) => {
      const state = states.get(shape.oid)
      const print = await readRowPrint(connection, shape, state?.bytes ?? 0)
      this.#known.set(shape.name, { signature: state?.signature ?? '', print })
    })
    await Promise.all(prints)
  }
}
