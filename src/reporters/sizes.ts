import { formatBytes, formatRoughly } from '../core/bytes.ts'
import type { Finding } from '../model/finding.ts'
import { nameText } from '../model/name.ts'

/** `orders: 48 M rows, 12 GB · users: 800 kB`; '' where nothing is known. */
export function sizeText({ sizes = [] }: Pick<Finding, 'sizes'>): string {
  return sizes
    .map(({ table, rows, bytes }) => {
      const parts = [
        ...(rows === undefined ? [] : [`${formatRoughly(rows)} ${rows === 1 ? 'row' : 'rows'}`]),
        ...(bytes === undefined ? [] : [formatBytes(bytes)]),
      ]
      return `${nameText(table)}: ${parts.join(', ')}`
    })
    .join(' · ')
}
