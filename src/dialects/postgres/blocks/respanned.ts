import { asJson } from '../../../core/own-data.ts'
import type { Span } from '../../../core/span.ts'
import type { Statement } from '../../../model/statement.ts'

const copies = asJson<Statement>()

/** A statement of which every place is `span`. */
export function respanned(statement: Statement, span: Span): Statement {
  const text = JSON.stringify(statement, (_, value: unknown) => (isSpan(value) ? span : value))
  return copies.unpack(Buffer.from(text))
}

function isSpan(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).join() === 'start,end'
}
