import type { Span } from '../../../core/span.ts'
import { lex } from '../../../sql/lexer.ts'
import { sideEffectOfCall } from './functions.ts'
import type { Found } from './functions.ts'

/** What texts that run later, such as the bodies of functions, may do: found by its words, strings in them included. */
const patterns: readonly (Found & { readonly pattern: RegExp })[] = [
  { pattern: /\bcopy\b[^;]*?\bprogram\b/gi, reach: 'outside', what: 'COPY … PROGRAM starts a program on the server.' },
  {
    pattern: /\bcopy\b[^;]*?\b(?:from|to)\s+e?'+[^']/gi,
    reach: 'outside',
    what: 'COPY reads or writes a file of the server.',
  },
  {
    pattern: /\b(?:create|alter|drop)\s+subscription\b/gi,
    reach: 'outside',
    what: 'A subscription connects to another server.',
  },
  {
    pattern: /\b(?:create\s+server|create\s+foreign\s+table|import\s+foreign\s+schema)\b/gi,
    reach: 'outside',
    what: 'A foreign server is another one, or its files.',
  },
  {
    pattern: /\bcreate\s+tablespace\b/gi,
    reach: 'outside',
    what: 'CREATE TABLESPACE takes a directory of the server.',
  },
  { pattern: /\bload\s+'/gi, reach: 'outside', what: 'LOAD runs the code of a library.' },
  {
    pattern:
      /\b(?:create|alter|drop)\s+(?:role|user(?!\s+mapping)|group|database)\b|\balter\s+system\b|\b(?:alter|drop)\s+tablespace\b/gi,
    reach: 'cluster',
    what: 'It changes what all databases of the server share.',
  },
]

const calls = /(?:\b([a-z_]\w*)"?\s*\.\s*"?)?\b([a-z_]\w*)"?\s*\(/gi

/** What the words of a text say that it may do. `whole`: also outside its strings, of a text that cannot be read. */
export function sideEffectWords(text: string, { whole }: { readonly whole: boolean }): readonly (Found & Span)[] {
  const pieces = whole ? [{ start: 0, end: text.length }] : lex(text).filter(({ kind }) => kind === 'string')
  return pieces.flatMap((piece) => {
    const { start, end } = whole ? piece : inside(text, piece)
    const words = withoutComments(text.slice(start, end))
    return [...statementWords(words), ...callWords(words)].map((found) => ({
      reach: found.reach,
      what: whole ? found.what : `${found.what} It stands in a text that runs later.`,
      start: start + found.start,
      end: start + found.end,
    }))
  })
}

function statementWords(text: string): readonly (Found & Span)[] {
  return patterns.flatMap(({ pattern, reach, what }) =>
    [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
      reach,
      what,
      start: index,
      end: index + found.length,
    })),
  )
}

function callWords(text: string): readonly (Found & Span)[] {
  return [...text.matchAll(calls)].flatMap(({ index, 0: all, 1: schema, 2: name = '' }) => {
    const found = sideEffectOfCall(schema?.toLowerCase(), name.toLowerCase())
    return found === undefined ? [] : [{ ...found, start: index, end: index + all.length - 1 }]
  })
}

/** A string without its quotes, so that comments in it are seen as such. */
function inside(text: string, { start, end }: Span): Span {
  const quote = /^(?:\$[^$]*\$|[eu]?&?')/i.exec(text.slice(start, end))?.[0] ?? ''
  const closing = quote.startsWith('$') ? quote.length : 1
  return { start: start + quote.length, end: Math.max(end - closing, start + quote.length) }
}

/** Comments as blanks, so that everything else keeps its place. */
function withoutComments(text: string): string {
  return lex(text)
    .filter(({ kind }) => kind === 'comment')
    .reduce((left, { start, end }) => left.slice(0, start) + ' '.repeat(end - start) + left.slice(end), text)
}
