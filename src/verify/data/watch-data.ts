import type { Connection } from '../../model/database.ts'
import type { Observer, Stop } from '../stairway.ts'
import type { PrintReader, Prints } from './prints.ts'

/** The rows before the upgrade and after the downgrade, as far as the way went. */
export interface DataSeen {
  readonly before?: Prints
  readonly reverted?: Prints
}

/** Looks at the rows of every table before the upgrade and after the downgrade. */
export class DataWatch implements Observer {
  readonly #reader: PrintReader
  readonly #seen: { before?: Prints; reverted?: Prints } = {}

  constructor(reader: PrintReader) {
    this.#reader = reader
  }

  get seen(): DataSeen {
    return this.#seen
  }

  async atStop(stop: Stop, connection: Connection): Promise<void> {
    if (stop === 'before' || stop === 'reverted') this.#seen[stop] = await this.#reader.read(connection)
  }
}
