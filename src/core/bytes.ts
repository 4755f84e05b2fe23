import { ToolkitError } from './errors.ts'

/** As the server's `pg_size_pretty` counts: steps of 1024. */
const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const
const step = 1024

/** `12 GB`, `1.5 MB`, `0 bytes`: two digits are enough to see how large something is. */
export function formatBytes(bytes: number): string {
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(step))))
  return `${twoDigits(bytes / step ** unit)} ${units[unit] ?? ''}`
}

/** `48 M`, `1.2 M`, `950 k`, `812`. */
export function formatRoughly(count: number): string {
  const letters = ['', ' k', ' M', ' G', ' T']
  const unit = Math.min(letters.length - 1, Math.floor(Math.log10(Math.max(count, 1)) / 3))
  return `${unit === 0 ? String(Math.round(count)) : twoDigits(count / 1000 ** unit)}${letters[unit] ?? ''}`
}

/** Two digits where there are fewer before the point, all digits before it where there are more. */
function twoDigits(value: number): string {
  const rounded = value < 10 ? Math.round(value * 10) / 10 : Math.round(value)
  return String(rounded)
}

/**
 * `10MB`, `512 kB`, `1.5GB` as bytes; upper and lower case are the same.
 *
 * @throws ToolkitError `config-invalid`
 */
export function parseBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(bytes|[kmgtp]b)$/i.exec(text.trim())
  const unit = units.findIndex((one) => one.toLowerCase() === match?.[2]?.toLowerCase())
  if (match !== null && unit !== -1) return Number(match[1]) * step ** unit
  throw new ToolkitError({
    code: 'config-invalid',
    message: `"${text}" is not a size.`,
    hint: 'Write a number and a unit: 512kB, 10MB, 1.5GB.',
  })
}
