import { ToolkitError, messageOf } from '../../core/errors.ts'
import { positionAt } from '../../core/span.ts'
import type { Connection } from '../../model/database.ts'
import { FailedStatement } from '../failed-statement.ts'
import { runSection } from '../run-section.ts'
import { type SeedFile, seedSection } from './seed-file.ts'

/** The user's own rows, put into one scratch database while its history goes on. */
export class SeedQueue {
  #waiting: readonly SeedFile[]

  constructor(files: readonly SeedFile[]) {
    this.#waiting = files
  }

  /**
   * Tries what waits, in its order, after the migration `id`. A file that names its migration runs there and nowhere else;
   * one that names none runs as soon as the server takes all of it.
   *
   * @throws ToolkitError `seed-failed` for a file that named this migration, or any that waits when the history has ended
   */
  async apply(connection: Connection, id: string, isLast: boolean): Promise<void> {
    const left: SeedFile[] = []
    for (const file of this.#waiting) {
      const isDue = file.after === undefined || file.after === id
      const error = isDue ? await attempt(connection, file) : undefined
      if (error !== undefined && (file.after === id || isLast)) throw seedFailed(file, error)
      if (error !== undefined || !isDue) left.push(file)
    }
    this.#waiting = left
  }
}

async function attempt(connection: Connection, file: SeedFile): Promise<unknown> {
  try {
    await runSection(connection, seedSection(file), file.parsed)
    return undefined
  } catch (error) {
    return error
  }
}

function seedFailed({ source, after }: SeedFile, error: unknown): ToolkitError {
  const { path, text } = source
  const statement = error instanceof FailedStatement ? error.statement : undefined
  const at = { path, ...positionAt(text, statement?.span.start ?? 0) }
  return new ToolkitError({
    code: 'seed-failed',
    message: `The seed does not apply: ${path}:${at.line}:${at.column}: ${messageOf(error)}`,
    hint:
      after === undefined
        ? 'Say with -- migrate:seed after ID in its first lines after which migration it is meant to run.'
        : `It was run after ${after}, as it says. Mend the statement, or name another migration.`,
    at,
    ...(statement === undefined ? {} : { details: statement.sql.slice(0, 400) }),
    cause: error,
  })
}
