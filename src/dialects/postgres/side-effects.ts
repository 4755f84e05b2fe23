import type { Span } from '../../core/span.ts'
import type { SideEffect } from '../../model/side-effect.ts'
import { offsetsOf } from '../../sql/offsets.ts'
import { splitStatements } from '../../sql/split.ts'
import { as, dispatch, parseTree, walk } from './grammar.ts'
import { isTooDeep } from './nesting.ts'
import type { Found } from './side-effects/functions.ts'
import { finders } from './side-effects/statements.ts'
import { sideEffectWords } from './side-effects/words.ts'

/** Without any of these words a statement has no side effect that is looked for, so most are never parsed again. */
const suspicious =
  /\b(?:copy|database|tablespace|role|roles|user|group|system|grant|revoke|subscription|server|foreign|load|language|owned|reassign|dblink\w*|lo_\w+|pg_\w+|http\w*|cron)\b|u&"/i

/**
 * What statements do, or may do, outside their database. Bodies of functions and DO blocks, and what the grammar
 * refuses, are judged by their words. `offset` is added to every span.
 */
export function sideEffects(sql: string, offset = 0): readonly SideEffect[] {
  return splitStatements(sql).flatMap(({ start, end }) => {
    const text = sql.slice(start, end)
    return suspicious.test(text) ? inStatement(text, offset + start) : []
  })
}

function inStatement(text: string, offset: number): readonly SideEffect[] {
  const answer = text.includes('\0') || isTooDeep(text) ? undefined : parseTree(text)
  if (answer?.accepted !== true) return placed(sideEffectWords(text, { whole: true }), offset)
  const offsets = offsetsOf(text)
  const found: SideEffect[] = []
  let runsLater = false
  walk(answer.statements, (node, tag) => {
    if (tag === 'CreateFunctionStmt' || tag === 'DoStmt') runsLater = true
    const start = offset + offsets.fromByte(as(node, 'FuncCall')?.location ?? 0)
    for (const { reach, what } of dispatch(finders, node, undefined) ?? [])
      found.push({ reach, what, span: { start, end: offset + text.length } })
  })
  return runsLater ? [...found, ...placed(sideEffectWords(text, { whole: false }), offset)] : found
}

function placed(found: readonly (Found & Span)[], offset: number): readonly SideEffect[] {
  return found.map(({ reach, what, start, end }) => ({
    reach,
    what,
    span: { start: offset + start, end: offset + end },
  }))
}
