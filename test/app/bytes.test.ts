import { expect, test } from 'vitest'
import { formatBytes, formatRoughly, parseBytes } from '../../src/core/bytes.ts'

test.each([
  [0, '0 bytes'],
  [1023, '1023 bytes'],
  [1024, '1 kB'],
  [1536, '1.5 kB'],
  [64 * 1024, '64 kB'],
  [12 * 1024 ** 3, '12 GB'],
  [2.34 * 1024 ** 4, '2.3 TB'],
  [5000 * 1024 ** 5, '5000 PB'],
])('%d bytes are shown as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

test.each([
  [0, '0'],
  [812, '812'],
  [1000, '1 k'],
  [950_000, '950 k'],
  [1_234_567, '1.2 M'],
  [48_000_000, '48 M'],
])('%d rows are shown as %s', (rows, text) => expect(formatRoughly(rows)).toBe(text))

test.each([
  ['10MB', 10 * 1024 ** 2],
  ['512 kb', 512 * 1024],
  ['1.5GB', 1.5 * 1024 ** 3],
  ['7 bytes', 7],
])('%s is read as %d', (text, bytes) => expect(parseBytes(text)).toBe(bytes))

test.each(['10', 'MB', '-1MB', '10MiB', ''])('"%s" is no size', (text) => {
  expect(() => parseBytes(text)).toThrow(expect.objectContaining({ code: 'config-invalid' }))
})
