import type { ParameterType } from './values.ts'
import type { RelationColumn } from './relations.ts'

/** Above what rows are made up of, below where `smallint` ends. */
const firstFresh = 30_000
/** Longer than what people write into a column without a limit. */
const longText = 300

/** A value that no row has, where the type has enough of them. */
export function freshValue({ base, category, limit, labels }: RelationColumn, number: number): string | null {
  if (category === 'N') return String(firstFresh + number)
  if (category === 'S') return cut(`fresh ${number}`, limit)
  if (category === 'E') return labels[number % Math.max(labels.length, 1)] ?? null
  if (base === 'uuid') return `ffffffff-0000-4000-8000-${String(number).padStart(12, '0')}`
  if (category === 'D' && !base.startsWith('time ')) return `2031-01-${String(1 + number).padStart(2, '0')}`
  return plainValue({ name: base, category, labels })
}

/** The largest or longest value of a type; undefined where none stands out. */
export function extremeValue({ base, category, limit }: RelationColumn): string | undefined {
  if (category === 'S' && base !== 'name' && base !== '"char"') return 'x'.repeat(limit ?? longText)
  return largest[base]
}

const largest: Readonly<Record<string, string>> = {
  smallint: '32767',
  integer: '2147483647',
  bigint: '9223372036854775807',
}

/** An ordinary value of a type; null where none is known. */
export function plainValue({ name, category, labels }: ParameterType): string | null {
  if (category === 'E') return labels[0] ?? null
  if (category === 'A') return '{}'
  if (name === 'time without time zone' || name === 'time with time zone') return '12:00:00'
  return byName[name] ?? byCategory[category] ?? null
}

const byCategory: Readonly<Record<string, string>> = {
  N: '1',
  S: 'a',
  D: '2026-01-02',
  B: 'true',
  T: '1 day',
  R: 'empty',
  I: '10.0.0.1',
  X: '1',
}

const byName: Readonly<Record<string, string>> = {
  uuid: '00000000-0000-4000-8000-000000000001',
  json: '{}',
  jsonb: '{}',
  bytea: '\\x00',
  xml: '<a/>',
  tsvector: 'a',
  tsquery: 'a',
}

function cut(text: string, limit: number | null): string {
  return limit === null ? text : text.slice(-limit)
}
