/** A value as the server would get it as text; undefined for what cannot be written down. */
export function valueText(value: unknown): string | null | undefined {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString()
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return arrayText(value)
  return typeof value === 'object' ? JSON.stringify(value) : undefined
}

function arrayText(values: readonly unknown[]): string {
  const elements = values.map((one) => {
    const text = valueText(one)
    if (text === null || text === undefined) return 'NULL'
    return Array.isArray(one) ? text : `"${text.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`)}"`
  })
  return `{${elements.join(',')}}`
}
