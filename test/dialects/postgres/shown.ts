import { nameText } from '../../../src/model/name.ts'
import { postgres } from '../../../src/dialects/postgres/postgres.ts'

/**
 * The facts of a text, one line each: `kind «what it points at» field=value …`. Spans are shown as the text that they
 * cut out, names as SQL, and fields that are false or empty are left out, so that a line holds the whole fact.
 */
export function shown(sql: string): string {
  const { statements, problems } = postgres.parse(sql)
  const facts = statements.flatMap((statement) => statement.facts.map((fact) => factText(fact, sql, statement.span)))
  return [...facts, ...problems.map(({ message }) => `problem: ${message}`)].join('\n')
}

interface Span {
  readonly start: number
  readonly end: number
}

function factText(fact: object, sql: string, whole: Span): string {
  const { kind, span, ...rest } = { kind: '', span: whole, ...fact }
  const isWhole = span.start === whole.start && span.end === whole.end
  const place = isWhole ? '' : ` «${sql.slice(span.start, span.end)}»`
  return `${kind}${place}${fieldsText(rest, sql)}`
}

function fieldsText(fields: object, sql: string): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== false && value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => (value === true ? ` ${key}` : ` ${key}=${valueText(value, sql)}`))
    .join('')
}

function valueText(value: unknown, sql: string): string {
  if (Array.isArray(value)) return `[${value.map((item) => valueText(item, sql)).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = new Map<string, unknown>(Object.entries(value))
  const [start, end, name, schema] = ['start', 'end', 'name', 'schema'].map((key) => entries.get(key))
  if (typeof start === 'number' && typeof end === 'number') return `«${sql.slice(start, end)}»`
  const isName = typeof name === 'string' && entries.size === (typeof schema === 'string' ? 2 : 1)
  if (isName) return nameText(typeof schema === 'string' ? { schema, name } : { name })
  return `{${fieldsText(value, sql)} }`
}
