import { positionAt } from '../../core/span.ts'
import type { Span } from '../../core/span.ts'
import type { QueryReader } from '../../dialects/dialect.ts'
import { splitStatements } from '../../sql/split.ts'
import type { RawText } from '../collector.ts'
import { writtenParameters } from './named-parameters.ts'
import { numbered } from './numbered.ts'
import { spreadsOf } from './spreads.ts'

/** A statement that cannot be taken, and why. */
export interface FileProblem {
  /** `path:line`. */
  readonly place: string
  readonly why: string
}

export interface SqlFile {
  readonly texts: readonly RawText[]
  readonly problems: readonly FileProblem[]
}

const change = 'parameters of a library became $n'

/** The statements of a file of SQL as the server gets them. */
export function readSqlFile(text: string, path: string, queries: QueryReader): SqlFile {
  const texts: RawText[] = []
  const problems: FileProblem[] = []
  const spans = splitStatements(text)
  for (const [index, span] of spans.entries()) {
    const place = `${path}:${positionAt(text, span.start).line}`
    const read = readStatement(text, span, spans[index - 1]?.end ?? 0, queries)
    if ('why' in read) problems.push({ place, why: read.why })
    else texts.push({ ...read, parameters: [], calls: null, from: 'file', place })
  }
  return { texts, problems }
}

type ReadStatement = { readonly sql: string; readonly repaired?: readonly string[] } | { readonly why: string }

function readStatement(text: string, { start, end }: Span, before: number, queries: QueryReader): ReadStatement {
  const sql = text.slice(start, end)
  const { named, marks, unclear } = writtenParameters(sql)
  if (unclear !== undefined) return { why: unclear }
  const spreads = spreadsOf(text.slice(before, start))
  const withNames = named.length === 0 ? sql : numbered(sql, named, spreads)
  const understood = queries.shape(withNames) !== undefined
  if (understood) return named.length === 0 ? { sql } : { sql: withNames, repaired: [change] }
  if (marks.length > 0) {
    const withMarks = numbered(sql, [...named, ...marks], spreads)
    if (queries.shape(withMarks) !== undefined) return { sql: withMarks, repaired: [change] }
    return { why: 'a ? may be a parameter or an operator of jsonb' }
  }
  return { why: 'the grammar does not accept it' }
}
