import { compareIds } from '../reading/order.ts'

/**
 * The number right behind `id`, with as many digits; of a time to the second, the second after it. Undefined where a
 * file has that number or one between them.
 */
export function numberAfter(id: string, taken: readonly string[]): string | undefined {
  const next = secondAfter(id) ?? String(BigInt(id) + 1n).padStart(id.length, '0')
  const numbers = taken.flatMap((name) => /^\d+/.exec(name)?.[0] ?? [])
  return numbers.some((other) => compareIds(id, other) < 0 && compareIds(other, next) <= 0) ? undefined : next
}

/** Undefined where the digits are no time: `20261101093059` is followed by `20261101093100`. */
function secondAfter(id: string): string | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(id)
  if (parts === null) return undefined
  const [year = '', month = '', day = '', hour = '', minute = '', second = ''] = parts.slice(1)
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time) ? undefined : new Date(time + 1000).toISOString().replaceAll(/\D/g, '').slice(0, 14)
}
