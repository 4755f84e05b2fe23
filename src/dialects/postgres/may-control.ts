import { parseTree } from './grammar.ts'
import { isTooDeep } from './nesting.ts'

/**
 * Words without which no statement begins or ends a transaction or gives up the locks of the session, not even inside a DO
 * block; EXECUTE and the two ways to write letters by their numbers could hide them.
 */
const words =
  /\b(?:abort|begin|commit|discard|do|end|execute|prepare|release|rollback|savepoint|start)\b|unlock_all|u&|\\/i

/** Longer texts are read piece by piece, by `parse`. */
const longest = 64 * 1024

/** `mayControl` of the dialect: most SQL is told from what controls by its words, and by whether the grammar takes it. */
export function mayControl(sql: string): boolean {
  if (words.test(sql) || sql.length > longest || /[\0\ufeff]/.test(sql) || isTooDeep(sql)) return true
  return /\S/.test(sql) && !parseTree(sql).accepted
}
