import type { ValueKind } from './kind.ts'

/** Long enough to be stored apart and compressed, short enough for an index. */
const longText = 2000

/** Texts: empty, blank, quotes, several scripts, as long as the type allows. */
export const texts: ValueKind = {
  fits: ({ category, base }) => category === 'S' || base === 'char',
  unusual({ base, limit }) {
    if (base === 'char') return ['~']
    const longest = 'x'.repeat(Math.min(limit ?? longText, base === 'name' ? 63 : longText))
    const plain = ['', ' ', 'NULL', '0', `é😀 'quoted' "twice" \\ % _`, 'שלום こんにちは', 'a\tb\nc', longest]
    return [...new Set(plain.map((value) => cut(value, limit)))]
  },
  ordinary({ base, limit }, index, name) {
    if (base === 'char') return String.fromCharCode(97 + (index % 26))
    if (limit !== null && limit < 4) return letters(index, limit)
    return cut(`${name} ${index}`, limit)
  },
}

/** The end is kept: it makes the text another in each row. */
export function cut(value: string, limit: number | null): string {
  return limit === null ? value : [...value].slice(-limit).join('')
}

/** A short text, another for each index as far as there are enough of them. */
function letters(index: number, length: number): string {
  return index.toString(36).padStart(length, 'a').slice(-length)
}
