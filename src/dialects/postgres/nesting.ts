import { lex } from '../../sql/lexer.ts'

/**
 * Brackets inside brackets that a statement may have. The grammar keeps a place on the stack for each level of its tree,
 * and once it has run out of stack it reads nothing rightly any more: measured with Node 20 at about 2,000 levels.
 */
const maxBrackets = 1000
/** Operators, joins and set operations one behind the other: each makes the tree one level deeper. Measured at 8,000. */
const maxChain = 2000

/** No statement that is shorter can be nested that deep. */
const shortEnough = 2 * maxChain

/** Whether a text is nested so deeply that the grammar must not be given it. */
export function isTooDeep(sql: string): boolean {
  if (sql.length <= shortEnough) return false
  let depth = 0
  let chain = 0
  // What was open outside the brackets goes on behind them.
  const outer: number[] = []
  for (const { kind, start, end } of lex(sql)) {
    if (kind === 'symbol') {
      const symbol = sql.charAt(start)
      if (symbol === '(' || symbol === '[') {
        outer.push(chain)
        chain = 0
        depth += 1
      } else if (symbol === ')' || symbol === ']') {
        chain = outer.pop() ?? 0
        depth = Math.max(0, depth - 1)
      } else if (symbol === ',' || symbol === ';') chain = 0
      else if (symbol !== '.') chain += 1
    } else if (kind === 'word') chain = afterWord(chain, sql.slice(start, end).toLowerCase())
    else if (kind === 'comment' && opensMany(sql, start, end)) return true
    if (depth > maxBrackets || chain > maxChain) return true
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
  'join union intersect except not collate at is like ilike similar between'.split(' '),
)
/** A list of conditions is one level, however long it is. */
const flattens: ReadonlySet<string> = new Set(['and', 'or'])
