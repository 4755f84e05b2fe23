import { lex } from '../../sql/lexer.ts'

/**
 * Brackets and CASEs inside one another that a statement may have. The grammar keeps a place on the stack for each level
 * of its tree, and once it has run out of stack it reads nothing rightly any more: measured with Node 20 at about 2,000
 * levels.
 */
const maxBrackets = 1000
/** Operators, joins and set operations one behind the other: each makes the tree one level deeper. Measured at 8,000. */
const maxChain = 2000

/** No statement that is shorter can be nested that deep. */
const shortEnough = 2 * maxChain

/** Whether a text is nested so deeply that the grammar must not be given it. */
export function isTooDeep(sql: string): boolean {
  if (sql.length <= shortEnough) return false
  let chain = 0
  // What was open outside the brackets goes on behind them; a CASE is closed by END as a bracket is.
  const outer: { readonly chain: number; readonly isCase: boolean }[] = []
  const open = (isCase: boolean): void => {
    outer.push({ chain, isCase })
    chain = 0
  }
  const close = (): void => {
    chain = outer.pop()?.chain ?? 0
  }
  for (const { kind, start, end } of lex(sql)) {
    if (kind === 'symbol') {
      const symbol = sql.charAt(start)
      if (symbol === '(' || symbol === '[') open(false)
      else if (symbol === ')' || symbol === ']') close()
      else if (symbol === ',' || symbol === ';') chain = 0
      else if (symbol !== '.') chain += 1
    } else if (kind === 'word') {
      const word = sql.slice(start, end).toLowerCase()
      if (word === 'case') open(true)
      else if (word === 'end' && outer.at(-1)?.isCase === true) close()
      else chain = afterWord(chain, word)
    } else if (kind === 'comment' && opensMany(sql, start, end)) return true
    if (outer.length > maxBrackets || chain > maxChain) return true
  }
  return false
}

/** The grammar's own scanner takes time by the square of comments in comments: 10 seconds for 20,000. */
function opensMany(sql: string, start: number, end: number): boolean {
  let opened = 0
  for (let at = sql.indexOf('/*', start); at !== -1 && at < end; at = sql.indexOf('/*', at + 2)) opened += 1
  return opened > maxBrackets
}

function afterWord(chain: number, word: string): number {
  if (deepens.has(word)) return chain + 1
  return flattens.has(word) ? 0 : chain
}

const deepens: ReadonlySet<string> = new Set(
  'join union intersect except not collate at is isnull notnull like ilike similar between operator'.split(' '),
)
/** A list of conditions is one level, however long it is. */
const flattens: ReadonlySet<string> = new Set(['and', 'or'])
