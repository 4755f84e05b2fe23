import type { ValueKind } from './kind.ts'

type Samples = readonly [unusual: readonly string[], ordinary: (index: number) => string]

const hexadecimal = (index: number, digits: number): string => index.toString(16).padStart(digits, '0').slice(-digits)

const samples: Readonly<Record<string, Samples>> = {
  bool: [[], (index) => (index % 2 === 0 ? 'true' : 'false')],
  uuid: [
    ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    (index) => `00000000-0000-4000-8000-${hexadecimal(index, 12)}`,
  ],
  bytea: [['\\x', '\\x00', `\\x${'ff'.repeat(2000)}`], (index) => `\\x${hexadecimal(index, 8)}`],
  inet: [['::1', '0.0.0.0/0', '255.255.255.255', 'fe80::1/64'], (index) => `10.0.${(index >> 8) & 255}.${index & 255}`],
  cidr: [['::/0', '0.0.0.0/0'], (index) => `10.${(index >> 8) & 255}.${index & 255}.0/24`],
  macaddr: [
    ['ff:ff:ff:ff:ff:ff'],
    (index) => `00:00:00:00:${hexadecimal(index >> 8, 2)}:${hexadecimal(index & 255, 2)}`,
  ],
  macaddr8: [
    ['ff:ff:ff:ff:ff:ff:ff:ff'],
    (index) => `00:00:00:00:00:00:${hexadecimal(index >> 8, 2)}:${hexadecimal(index & 255, 2)}`,
  ],
  xml: [['<a/>', 'text'], (index) => `<row number="${index}">é</row>`],
  tsvector: [[''], (index) => `'row':1 '${index}':2`],
  tsquery: [[], (index) => `'row' & '${index}'`],
  pg_lsn: [['0/0', 'FFFFFFFF/FFFFFFFF'], (index) => `0/${hexadecimal(index, 8)}`],
  point: [['(0,0)', '(1e30,-1e30)'], (index) => `(${index},${index}.5)`],
  line: [[], (index) => `{${index},1,0}`],
  lseg: [[], (index) => `[(0,0),(${index},1)]`],
  box: [['(0,0),(0,0)'], (index) => `(${index},${index}),(0,0)`],
  path: [[], (index) => `((0,0),(${index},1))`],
  polygon: [[], (index) => `((0,0),(${index},1),(1,${index}))`],
  circle: [['<(0,0),0>'], (index) => `<(0,0),${index}>`],
  oid: [['0', '4294967295'], String],
  regclass: [[], () => 'pg_catalog.pg_class'],
  hstore: [['', 'a=>NULL'], (index) => `number=>${index}`],
  ltree: [['', 'a.b.c'], (index) => `top.n${index}`],
}

/** Types that are told by their name. */
export const others: ValueKind = {
  fits: ({ base }) => base in samples,
  unusual: ({ base }) => samples[base]?.[0] ?? [],
  ordinary: ({ base }, index) => samples[base]?.[1](index) ?? '',
}

/** Strings of bits, as long as the type says. */
export const bits: ValueKind = {
  fits: ({ category }) => category === 'V',
  unusual: ({ base, limit }) =>
    base === 'varbit'
      ? ['', '1'.repeat(Math.min(limit ?? 64, 2000))]
      : ['0'.repeat(limit ?? 1), '1'.repeat(limit ?? 1)],
  ordinary: ({ limit }, index) =>
    index
      .toString(2)
      .padStart(limit ?? 1, '0')
      .slice(-(limit ?? 64)),
}

export const enums: ValueKind = {
  fits: ({ category }) => category === 'E',
  unusual: ({ labels }) => labels,
  ordinary: ({ labels }, index) => labels[index % labels.length] ?? '',
}
