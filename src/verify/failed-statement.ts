import { messageOf } from '../core/errors.ts'
import { type Place, positionAt } from '../core/span.ts'
import type { ParsedMigration, Section } from '../model/migration.ts'
import type { Statement } from '../model/statement.ts'

/** A statement of a section that the server refused; the message is the server's. */
export class FailedStatement extends Error {
  override readonly name = 'FailedStatement'
  readonly statement: Statement

  constructor(statement: Statement, cause: unknown) {
    super(messageOf(cause), { cause })
    this.statement = statement
  }
}

/** Where in its file a statement of a section stands. */
export function placeOf(migration: ParsedMigration, section: Section, { span }: Statement): Place {
  const source = section.source ?? migration.source
  return { path: source.path, ...positionAt(source.text, span.start) }
}
