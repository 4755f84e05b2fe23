import type { Difference } from '../model/proof.ts'
import type { Aspects, Fingerprint, Parts } from './fingerprint.ts'

/** A value longer than this, or of several lines, is shown by its first line that differs. */
const longValue = 100

/** What changed from one schema to the other, as a person would say it, in the order of the objects' names. */
export function compare(before: Fingerprint, after: Fingerprint): readonly Difference[] {
  const names = union(before.objects, after.objects)
  return names.flatMap((object): readonly Difference[] => {
    const was = before.objects[object]
    const is = after.objects[object]
    if (was === undefined) return [{ object, change: 'added', detail: is === undefined ? '' : summary(is) }]
    if (is === undefined) return [{ object, change: 'removed', detail: summary(was) }]
    return partDifferences(was, is).map((detail) => ({ object, change: 'changed', detail }) as const)
  })
}

/** Tables whose columns are the same in another order. */
export function reordered(before: Fingerprint, after: Fingerprint): readonly string[] {
  return Object.entries(before.columnOrder)
    .filter(([table, columns]) => {
      const now = after.columnOrder[table]
      const same = now !== undefined && now.toSorted().join('\n') === columns.toSorted().join('\n')
      return same && now.join('\n') !== columns.join('\n')
    })
    .map(([table]) => table)
}

/** `table public.books: column title: nullable → not null`. */
export function differenceText({ object, change, detail }: Difference): string {
  if (change === 'changed') return `${object}: ${detail}`
  return detail === '' ? `${object}: ${change}` : `${object}: ${change} (${detail})`
}

function partDifferences(was: Parts, is: Parts): readonly string[] {
  return union(was, is).flatMap((part) => {
    const old = was[part]
    const now = is[part]
    const prefix = part === '' ? '' : `${part}: `
    if (old === undefined) return now === undefined ? [] : [`${part} added: ${aspectSummary(now)}`]
    if (now === undefined) return [`${part} removed: ${aspectSummary(old)}`]
    return union(old, now)
      .filter((aspect) => old[aspect] !== now[aspect])
      .map((aspect) => prefix + changeText(aspect, old[aspect] ?? 'nothing', now[aspect] ?? 'nothing'))
  })
}

function changeText(aspect: string, was: string, is: string): string {
  if (!isLong(was) && !isLong(is)) return `${was} → ${is}`
  const oldLines = was.split('\n')
  const newLines = is.split('\n')
  const line = Math.max(
    0,
    newLines.findIndex((text, index) => text !== oldLines[index]),
  )
  return `${aspect} changed in line ${line + 1}: ${oldLines[line]?.trim() ?? 'nothing'} → ${newLines[line]?.trim() ?? 'nothing'}`
}

/** What an object that comes or goes is, in one line: its definition, or the names of its parts. */
function summary(parts: Parts): string {
  const own = parts['']
  const definition = own?.['definition'] ?? own?.['text'] ?? own?.['version']
  if (definition !== undefined) return firstLine(definition)
  return Object.keys(parts)
    .filter((part) => part.startsWith('column '))
    .join(', ')
}

function aspectSummary(aspects: Aspects): string {
  const first = aspects['definition'] ?? aspects['type'] ?? Object.values(aspects)[0] ?? ''
  const nullability = aspects['nullability']
  return firstLine(first) + (nullability === undefined ? '' : `, ${nullability}`)
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? ''
  return line.length > longValue ? `${line.slice(0, longValue)}…` : line
}

function isLong(text: string): boolean {
  return text.length > longValue || text.includes('\n')
}

function union(a: object, b: object): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted()
}
