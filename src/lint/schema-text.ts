import type { Catalogue } from './schema/catalogue.ts'

/** Differs where two schemas do that were replayed from other files; what is validated may be left out. */
export function schemaText(catalogue: Catalogue, about: 'all' | 'not what is validated' = 'all'): string {
  const passedOver = new Set(['span', ...(about === 'all' ? [] : ['valid'])])
  const plain = (key: string, value: unknown): unknown => {
    if (passedOver.has(key)) return undefined
    return value instanceof Map ? [...value] : value
  }
  return JSON.stringify(catalogue.contents(), plain)
}
