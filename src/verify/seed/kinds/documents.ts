import type { ValueKind } from './kind.ts'

/** So many members make a document large enough to be stored apart from its row. */
const bigMembers = 400

const big = JSON.stringify(
  Object.fromEntries(Array.from({ length: bigMembers }, (_, at) => [`member ${at}`, [at, null]])),
)
const deep = '{"a":'.repeat(30) + 'null' + '}'.repeat(30)

/** JSON: empty, scalar, null, deep, big, and what a number or a text in it can be. */
export const documents: ValueKind = {
  fits: ({ base }) => base === 'json' || base === 'jsonb',
  unusual: ({ base }) => [
    '{}',
    '[]',
    'null',
    '"é😀"',
    '{"price": 1e20, "tags": ["a", ""], "none": null}',
    deep,
    big,
    ...(base === 'json' ? ['{"a":1, "a":  2}'] : []),
  ],
  ordinary: (_, index) => `{"number": ${index}}`,
}
