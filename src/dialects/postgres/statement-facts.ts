import type { Node } from 'libpg-query'
import type { Fact } from '../../model/fact.ts'
import { alterHandlers } from './facts/alter-objects.ts'
import { createHandlers } from './facts/create-objects.ts'
import { dataHandlers } from './facts/data.ts'
import { functionHandlers } from './facts/functions.ts'
import { indexHandlers } from './facts/indexes.ts'
import { objectHandlers } from './facts/objects.ts'
import { otherHandlers } from './facts/others.ts'
import { publicationHandlers } from './facts/publications.ts'
import { schemaHandlers } from './facts/schemas.ts'
import { sequenceHandlers } from './facts/sequences.ts'
import { sessionHandlers } from './facts/sessions.ts'
import { tableHandlers } from './facts/tables.ts'
import { typeHandlers } from './facts/types.ts'
import { viewHandlers } from './facts/views.ts'
import { dispatch, tagOf } from './grammar.ts'
import type { Reading, StatementTable, StatementTag } from './reading.ts'
import type { StatementText } from './statement-text.ts'

/** Every statement that PostgreSQL has. One that is missing is a type error here. */
const handlers: StatementTable<StatementTag> = {
  ...alterHandlers,
  ...createHandlers,
  ...dataHandlers,
  ...functionHandlers,
  ...indexHandlers,
  ...objectHandlers,
  ...otherHandlers,
  ...publicationHandlers,
  ...schemaHandlers,
  ...sequenceHandlers,
  ...sessionHandlers,
  ...tableHandlers,
  ...typeHandlers,
  ...viewHandlers,
}

/** Every kind of statement that has facts. */
export const statementTags: readonly string[] = Object.keys(handlers)

/** What the statement does. Never empty: what no handler knows is named by its node. */
export function factsOf(statement: Node, text: StatementText): readonly Fact[] {
  const reading: Reading = { text, span: text.whole, factsOf: (inner) => factsIn(inner, reading) }
  return factsIn(statement, reading)
}

function factsIn(statement: Node, reading: Reading): readonly Fact[] {
  const facts = dispatch(handlers, statement, reading)
  if (facts !== undefined && facts.length > 0) return facts
  return [{ kind: 'other-statement', span: reading.span, tag: tagOf(statement) }]
}
