import { documents } from './kinds/documents.ts'
import type { ValueKind } from './kinds/kind.ts'
import { arrayText, rowText } from './kinds/literals.ts'
import { numbers } from './kinds/numbers.ts'
import { bits, enums, others } from './kinds/others.ts'
import { texts } from './kinds/texts.ts'
import { times } from './kinds/times.ts'
import type { SeedType } from './tables.ts'

/** The kinds of types that are known; the first that fits is taken. */
const kinds: readonly ValueKind[] = [documents, others, enums, bits, numbers, times, texts]

/** Whether values can be made up for a type at all. */
export function isKnown(type: SeedType): boolean {
  return type.fields.length > 0 || type.bounds !== null || kinds.some((kind) => kind.fits(type))
}

/** Another value for each index from 1 on, as text. */
export function ordinaryValue(type: SeedType, index: number, name: string): string {
  if (type.isArray) {
    const element = (at: number): string => ordinaryValue({ ...type, isArray: false }, at, name)
    return arrayText([element(index), element(index + 1)], delimiterOf(type))
  }
  if (type.fields.length > 0) return rowText(type.fields.map((field) => ordinaryValue(complete(field), index, name)))
  if (type.bounds !== null) return rangeText(type.bounds, index)
  return kinds.find((kind) => kind.fits(type))?.ordinary(type, index, name) ?? ''
}

/** Values at which programs and casts break. */
export function unusualValues(type: SeedType, name: string): readonly string[] {
  if (type.isArray) {
    const elements = unusualValues({ ...type, isArray: false }, name)
    return [
      '{}',
      arrayText([null]),
      ...(elements.length === 0 ? [] : [arrayText([...elements, null], delimiterOf(type))]),
    ]
  }
  if (type.fields.length > 0) return [rowText(type.fields.map(() => null))]
  if (type.bounds !== null) return type.bounds.multi ? ['{}', '{(,)}'] : ['empty', '(,)']
  return kinds.find((kind) => kind.fits(type))?.unusual(type, name) ?? []
}

const delimiterOf = ({ base }: SeedType): string => (base === 'box' ? ';' : ',')

function complete(field: SeedType['fields'][number]): SeedType {
  return { ...field, fields: [], bounds: null }
}

/** Ranges that do not overlap, for exclusion constraints. */
function rangeText({ base, category, multi }: NonNullable<SeedType['bounds']>, index: number): string {
  const bound = {
    type: '',
    base,
    category,
    isArray: false,
    limit: null,
    scale: null,
    labels: [],
    fields: [],
    bounds: null,
  }
  const range = `[${ordinaryValue(bound, index * 2, '')},${ordinaryValue(bound, index * 2 + 1, '')})`
  return multi ? `{${range}}` : range
}
