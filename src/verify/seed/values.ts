import type { SeedColumn } from './tables.ts'

/** How rows are made: `varied` has NULLs, empty and unusual values; `plain` gives every column an ordinary value. */
export type SeedStyle = 'varied' | 'plain'

/** After this many attempts a row is given up. Attempt 0 is varied, 1 plain, later ones try what checks name. */
export const attemptsPerRow = 10

/** One in so many rows has a NULL, or an unusual text, in a column that may hold it. */
const unusualEvery = 5

/**
 * The SQL of a value for row `index` (from 1) of a column. Later attempts give other values: a check or a unique key may
 * have refused the earlier ones.
 */
export function seedValue(column: SeedColumn, index: number, attempt: number, style: SeedStyle): string {
  if (column.default === 'sequence') return 'default'
  const varied = style === 'varied' && attempt === 0
  if (varied && !column.notNull && index % unusualEvery === 0) return 'null'
  if (varied && column.default === 'other' && index % 2 === 0) return 'default'
  if (attempt >= 2) {
    const candidates = hintedValues(column)
    const candidate = candidates[(index + attempt) % Math.max(candidates.length, 1)]
    if (candidate !== undefined) return literal(candidate, column)
    if (column.default === 'other') return 'default'
  }
  return literal(plainValue(column, index, attempt, varied), column)
}

function literal(text: string, column: SeedColumn): string {
  const quoted = `'${text.replaceAll("'", "''")}'`
  return column.isArray ? `array[${quoted}]::${column.type}[]` : `${quoted}::${column.type}`
}

/** Literals of checks and bounds, and for numbers their neighbours: `check (price > 0)` is met by 1. */
function hintedValues({ hints, category }: SeedColumn): readonly string[] {
  return hints.flatMap((hint) => {
    const texts = [...hint.matchAll(/'((?:[^']|'')*)'/g)].map((match) => (match[1] ?? '').replaceAll("''", "'"))
    if (category !== 'N') return texts
    const numbers = [...hint.matchAll(/-?\d+(?:\.\d+)?/g)].map((match) => Number(match[0]))
    return numbers.flatMap((number) => [number + 1, number, number - 1]).map(String)
  })
}

function plainValue(column: SeedColumn, index: number, attempt: number, varied: boolean): string {
  const { category, type, labels, limit } = column
  if (category === 'E') return labels[index % labels.length] ?? ''
  if (category === 'S') return text(column, index, attempt, varied)
  if (category === 'N') return number(column, index, attempt)
  if (category === 'B') return index % 2 === 0 ? 'true' : 'false'
  if (category === 'D') return dateOrTime(type, index)
  if (category === 'T') return `${index} hours`
  if (category === 'R') return type.includes('multirange') ? '{}' : 'empty'
  if (category === 'G')
    return type === 'point'
      ? `(${index},${index})`
      : type === 'circle'
        ? `<(0,0),${index}>`
        : `((0,0),(${index},${index}))`
  if (category === 'I') return `10.0.${index >> 8}.${index & 255}`
  if (category === 'V')
    return index
      .toString(2)
      .padStart(limit ?? 1, '0')
      .slice(-(limit ?? 64))
  if (category === 'C') return '()'
  return byName(type, index)
}

function text({ name, limit }: SeedColumn, index: number, attempt: number, varied: boolean): string {
  const bare = name.replaceAll('"', '')
  if (varied && index % unusualEvery === 1) return index % 2 === 0 ? '' : cut(`é😀 'quoted' ${index}`, limit)
  const shapes = [
    `${bare} ${index}`,
    `${bare} ${index}`,
    `user${index}@example.com`,
    `https://example.com/${index}`,
    `word${index}`,
    `A${index}`,
    String(index),
    String(index).padStart(10, '0'),
    'EUR',
    'de',
  ]
  return cut(shapes[attempt] ?? String(index), limit)
}

/** The end is kept: it makes the text another in each row. */
function cut(value: string, limit: number | null): string {
  return limit === null ? value : [...value].slice(-limit).join('')
}

function number({ limit, scale }: SeedColumn, index: number, attempt: number): string {
  const largest = limit === null ? Number.MAX_SAFE_INTEGER : 10 ** Math.min(limit - (scale ?? 0), 15) - 1
  const values = [index, index, index % 10, 1, 0, 100 + index, 1000 + index, -index, index * 1000, 50]
  return String(Math.max(-largest, Math.min(values[attempt] ?? index, largest)))
}

function dateOrTime(type: string, index: number): string {
  if (type.startsWith('time ')) return `${String(index % 24).padStart(2, '0')}:00:00`
  const day = new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10)
  return type === 'date' ? day : `${day} 12:00:00+00`
}

function byName(type: string, index: number): string {
  const hexadecimal = index.toString(16)
  const values: Readonly<Record<string, string>> = {
    uuid: `00000000-0000-4000-8000-${hexadecimal.padStart(12, '0')}`,
    json: `{"number": ${index}}`,
    jsonb: `{"number": ${index}}`,
    bytea: `\\x${hexadecimal.padStart(8, '0')}`,
    xml: `<row>${index}</row>`,
    tsvector: `row ${index}`,
    tsquery: 'row',
    macaddr: `00:00:00:00:00:${(index & 255).toString(16).padStart(2, '0')}`,
    macaddr8: `00:00:00:00:00:00:00:${(index & 255).toString(16).padStart(2, '0')}`,
    pg_lsn: `0/${hexadecimal}`,
    '"char"': 'a',
  }
  return values[type] ?? ''
}
