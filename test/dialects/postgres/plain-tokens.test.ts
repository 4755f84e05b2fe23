import fc from 'fast-check'
import * as library from 'libpg-query'
import { beforeAll, expect, test } from 'vitest'
import { plainTokens } from '../../../src/dialects/postgres/plain-tokens.ts'
import { rules } from '../../../src/rules/registry.gen.ts'

beforeAll(() => library.loadModule())

/** What is asked of tokens: their texts, which are comments, and which are folded to lower case. */
function asked(token: { readonly text: string; readonly name: string; readonly keyword: boolean }): string {
  const { text, name, keyword } = token
  if (name.endsWith('COMMENT')) return `comment ${text}`
  return keyword || (name === 'IDENT' && !text.startsWith('"')) ? `word ${text}` : text
}

/** The tokens of the server's own scanner; its message where it refuses the text. */
function scanned(sql: string): readonly string[] | string {
  try {
    return library
      .scanSync(sql)
      .tokens.map(({ text, tokenName, keywordKind }) => asked({ text, name: tokenName, keyword: keywordKind !== 0 }))
  } catch (error) {
    return String(error)
  }
}

const examples = rules.flatMap(({ examples: own }) => own.flatMap(({ bad, good }) => [bad, good ?? ''].flat()))

test('what is read of the examples of all rules is what the scanner reads', () => {
  const read = examples.flatMap((sql) => {
    const tokens = plainTokens(sql)
    return tokens === undefined ? [] : { sql, tokens: tokens.map(asked) }
  })
  // Else nothing would be won.
  expect(read.length).toBeGreaterThan(examples.length * 0.9)
  expect(read).toEqual(read.map(({ sql }) => ({ sql, tokens: scanned(sql) })))
})

const words = ['a', 'B1', '_x$', 'é', 'ſ', 'İ', 'select', 'NULL', 'not', 'with time', '"q Q"', '"a""b"', '""', '"']
const literals = ["'s'", "'it''s'", "'", "E'x'", 'U&"x"', "n'a'", '$1', '$$', '$t$', '$', '1', '1.5', '1.', '.5', '1e5']
const marks = ['0x1', '12ab', '.', '..', ':', '::', ':=', '=', '<', '>', '<=', '<>', '!=', '+', '-', '--c', '-- d\n']
const signs = ['--c\r\n', '/*', '*/', '*', '/', '|', '||', '&', '~', '!', '@', '#', '%', '^', '?', '`', '(', ')', '[']
const rest = [']', ',', ';', '{', '\\', ' ', '\n', '\t', '\r', '\u00a0', '\ufeff', '😀', '\u0001', '\f', '\v', '\u2028']

test('what is read of any text is what the scanner reads', () => {
  const piece = fc.constantFrom(...words, ...literals, ...marks, ...signs, ...rest)
  const text = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(text, (sql) => {
      const tokens = plainTokens(sql)
      if (tokens !== undefined && /\S/.test(sql)) expect(tokens.map(asked)).toEqual(scanned(sql))
    }),
    { numRuns: 5000 },
  )
})
