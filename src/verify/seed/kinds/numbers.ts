import type { ValueKind } from './kind.ts'

const integers: Readonly<Record<string, readonly [min: string, max: string]>> = {
  int2: ['-32768', '32767'],
  int4: ['-2147483648', '2147483647'],
  int8: ['-9223372036854775808', '9223372036854775807'],
}

/** Numbers with the ends of what the type can hold, and NaN and infinity where it has them. */
export const numbers: ValueKind = {
  fits: ({ category }) => category === 'N',
  unusual({ base, limit, scale }) {
    const ends = integers[base]
    if (ends !== undefined) return ['0', '-1', ...ends]
    if (base === 'numeric')
      return limit === null ? ['0', '-1.5', 'NaN', '1e20', '0.000000000001'] : numericEnds(limit, scale ?? 0)
    if (base === 'money') return ['0', '-1.25', '92233720368547758.07']
    if (base.startsWith('float')) return ['0', '-0', 'NaN', 'Infinity', '-Infinity', '1e30', '1e-30']
    return ['0']
  },
  ordinary({ base, limit, scale }, index) {
    if (base === 'numeric') return decimal(index, limit, scale ?? (limit === null ? 4 : 0))
    if (base === 'money') return `${index}.25`
    return base.startsWith('float') ? `${index}.5` : String(base === 'int2' ? index % 32_000 : index)
  },
}

function numericEnds(limit: number, scale: number): readonly string[] {
  const digits = '9'.repeat(Math.max(0, limit - scale))
  const fraction = scale === 0 ? '' : `.${'9'.repeat(scale)}`
  const largest = `${digits === '' ? '0' : digits}${fraction}`
  const smallest = scale === 0 ? '1' : `0.${'1'.padStart(scale, '0')}`
  return ['0', smallest, largest, `-${largest}`, 'NaN']
}

/** The last digit after the point is never 0, so that a cast that cuts shows. */
function decimal(index: number, limit: number | null, scale: number): string {
  const whole = limit === null ? index : index % 10 ** Math.min(Math.max(limit - scale, 0), 12)
  if (scale <= 0) return String(whole)
  return `${whole}.${String((index % 9) + 1).padStart(Math.min(scale, 12), String(index % 10))}`
}
