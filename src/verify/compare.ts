import type { Difference } from '../model/proof.ts'
import { unreadable } from './catalogue/unreadable.ts'
import type { Aspects, Fingerprint, Parts } from './fingerprint.ts'
import { enumDifference } from './words/enum-values.ts'
import { ordinaryWord } from './words/ordinary.ts'
import { privilegesOf } from './words/privileges-of.ts'

/** How many characters of what comes or goes are shown. */
const shownLength = 100

/** What changed from one schema to the other, as a person would say it, in the order of the objects' names. */
export function compare(before: Fingerprint, after: Fingerprint): readonly Difference[] {
  const names = union(before.objects, after.objects)
  return names.flatMap((object): readonly Difference[] => {
    const was = before.objects[object]
    const is = after.objects[object]
    if (was === is) return []
    if (!isThing(was) && isThing(is)) return [{ object, change: 'added', detail: summary(is) }]
    if (isThing(was) && !isThing(is)) return [{ object, change: 'removed', detail: summary(was) }]
    return partDifferences(object, was ?? {}, is ?? {}).map(
      (detail) => ({ object, change: 'changed', detail }) as const,
    )
  })
}

/** Tables whose columns are the same in another order. */
export function reordered(before: Fingerprint, after: Fingerprint): readonly string[] {
  return Object.entries(before.columnOrder)
    .filter(([table, columns]) => {
      const now = after.columnOrder[table]
      if (now === columns) return false
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

/** Of some objects only the privileges or settings are told: that there are any does not make a new object. */
function isThing(parts: Parts | undefined): parts is Parts {
  return parts?.[''] !== undefined
}

function partDifferences(object: string, was: Parts, is: Parts): readonly string[] {
  return union(was, is).flatMap((part) => {
    const old = was[part]
    const now = is[part]
    const role = privilegesOf(part)
    if (role !== undefined) {
      const before = old?.['privileges'] ?? role.ordinary(object, was, now)
      const after = now?.['privileges'] ?? role.ordinary(object, is, old)
      return before === after ? [] : [`${part}: ${before} → ${after}`]
    }
    if (old === undefined && part !== '') return now === undefined ? [] : [withDetail(`${part} added`, now)]
    if (now === undefined && part !== '') return old === undefined ? [] : [withDetail(`${part} removed`, old)]
    return aspectDifferences(object, part, old ?? {}, now ?? {})
  })
}

function aspectDifferences(object: string, part: string, old: Aspects, now: Aspects): readonly string[] {
  const prefix = part === '' ? '' : `${part}: `
  return union(old, now)
    .filter((aspect) => old[aspect] !== now[aspect] && old[aspect] !== unreadable && now[aspect] !== unreadable)
    .map((aspect) => prefix + changeText(object, aspect, old[aspect], now[aspect]))
}

function changeText(object: string, aspect: string, old: string | undefined, now: string | undefined): string {
  if (aspect === 'values' && old !== undefined && now !== undefined) return enumDifference(old, now)
  const was = old ?? ordinaryWord(object, aspect)
  const is = now ?? ordinaryWord(object, aspect)
  if (!isLong(was) && !isLong(is)) return `${named.has(aspect) ? `${aspect}: ` : ''}${was.trim()} → ${is.trim()}`
  const oldLines = was.split('\n')
  const newLines = is.split('\n')
  const line = Math.max(
    0,
    newLines.findIndex((text, index) => text !== oldLines[index]),
  )
  return `${aspect} changed in line ${line + 1}: ${oldLines[line]?.trim() ?? 'nothing'} → ${newLines[line]?.trim() ?? 'nothing'}`
}

/** Values that do not say themselves of what they are. */
const named: ReadonlySet<string> = new Set(['arguments', 'body', 'value', 'definition', 'partition key'])

/** What an object that comes or goes is, in one line: its columns, its definition, or all that is told of it. */
function summary(parts: Parts): string {
  const { owner: _owner, body: _body, arguments: _arguments, ...own } = parts[''] ?? {}
  const columns = Object.keys(parts).filter((part) => part.startsWith('column '))
  if (columns.length > 0) return columns.join(', ')
  return oneLine(own['definition'] ?? Object.values(own).join(', '))
}

function withDetail(what: string, aspects: Aspects): string {
  const detail = aspectSummary(aspects)
  return detail === '' ? what : `${what}: ${detail}`
}

function aspectSummary(aspects: Aspects): string {
  const { definition, type, nullability, ...more } = aspects
  const first = definition ?? type
  if (first === undefined) return oneLine(Object.values(aspects).join(', '))
  const rest = type === undefined ? more : { nullability: nullability ?? 'nullable', ...more }
  return [oneLine(first), ...Object.values(rest).map(oneLine)].join(', ')
}

function oneLine(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  return line.length > shownLength ? `${line.slice(0, shownLength)}…` : line
}

function isLong(text: string): boolean {
  return text.trim().includes('\n')
}

function union(a: object, b: object): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted()
}
