import type { ResultColumn } from '../../model/database.ts'
import type { QueryUse } from '../../model/query-use.ts'
import { type Finding, broken, note } from './finding.ts'

/** Names of types by OID. */
export type TypeNames = ReadonlyMap<number, string>

export interface ComparedColumns {
  readonly findings: readonly Finding[]
  /** For each column of the baseline its place now; empty where they cannot be matched. */
  readonly places: readonly number[]
}

/**
 * What the result's columns tell. Under `*` further columns may come between the old ones; all else that differs is
 * noticed by the application.
 */
export function judgeColumns(
  before: readonly ResultColumn[],
  now: readonly ResultColumn[],
  { star }: Pick<QueryUse, 'star'>,
  types: { readonly before: TypeNames; readonly now: TypeNames },
): ComparedColumns {
  const places = match(before, now)
  const added = now.filter((_, place) => !places.includes(place))
  if (places.length < before.length) return { findings: [otherColumns(before, now)], places: [] }
  if (added.length > 0 && !star) return { findings: [otherColumns(before, now)], places: [] }
  const hidden = added.find(({ name }) => before.some((column) => column.name === name))
  if (hidden !== undefined)
    return { findings: [broken(`The result has a second column called ${hidden.name}.`)], places }
  const findings = before.flatMap(({ name, type }, index) => {
    const was = types.before.get(type) ?? String(type)
    const is = typeNow(now[places[index] ?? 0], types.now)
    return was === is ? [] : [broken(`The type of column ${name} of the result: ${was} → ${is}.`)]
  })
  const more = added.length === 0 ? [] : [note(`* also gives ${added.map(({ name }) => name).join(', ')}.`)]
  return { findings: [...findings, ...more], places }
}

function typeNow(column: ResultColumn | undefined, names: TypeNames): string {
  return column === undefined ? 'nothing' : (names.get(column.type) ?? String(column.type))
}

/** Places of the old columns among the new ones, in order; fewer where one is gone. */
function match(before: readonly ResultColumn[], now: readonly ResultColumn[]): readonly number[] {
  const places: number[] = []
  for (const { name } of before) {
    const from = (places.at(-1) ?? -1) + 1
    const place = now.findIndex((column, index) => index >= from && column.name === name)
    if (place === -1) return places
    places.push(place)
  }
  return places
}

function otherColumns(before: readonly ResultColumn[], now: readonly ResultColumn[]): Finding {
  const text = (columns: readonly ResultColumn[]): string => columns.map(({ name }) => name).join(', ') || 'none'
  return broken(`The columns of the result: ${text(before)} → ${text(now)}.`)
}
