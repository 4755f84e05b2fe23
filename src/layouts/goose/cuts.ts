import type { Span } from '../../core/span.ts'
import { firstCode } from '../../sql/lexer.ts'
import { splitStatements } from '../../sql/split.ts'
import type { Mask } from '../masking/mask.ts'

/**
 * goose cuts statements at lines that end with a semicolon, whatever is open there: a function's body comes apart
 * unless it stands between `StatementBegin` and `StatementEnd`. Such statements, and a last one without a semicolon,
 * never reach the server whole.
 */
export function refuseWrongCuts(mask: Mask, blocks: readonly Span[]): void {
  const { file, span } = mask
  const cuts = cutsOf(file.text, span, blocks)
  for (const one of splitStatements(mask.sql)) {
    const statement = { start: span.start + one.start, end: span.start + one.end }
    if (blocks.some(({ start, end }) => start <= statement.start && statement.end <= end)) continue
    if (cuts.some((cut) => statement.start < cut && cut < statement.end))
      mask.refuse(
        statement,
        'goose cuts this statement at a line that ends with a semicolon: write -- +goose StatementBegin above it and -- +goose StatementEnd below',
      )
  }
  const last = Math.max(span.start, ...cuts.map((cut) => cut + 1), ...blocksIn(span, blocks).map(({ end }) => end))
  const rest = firstCode(file.text, last, span.end)
  if (rest === undefined) return
  const end = last + file.text.slice(last, span.end).trimEnd().length
  mask.refuse({ start: rest, end }, 'goose refuses a last statement without a semicolon at the end of its line')
}

function blocksIn(span: Span, blocks: readonly Span[]): readonly Span[] {
  return blocks.filter(({ start }) => start >= span.start && start < span.end)
}

/** Where the semicolons stand that end a line, outside of blocks. */
function cutsOf(text: string, span: Span, blocks: readonly Span[]): readonly number[] {
  const cuts: number[] = []
  for (const match of text.slice(span.start, span.end).matchAll(/^.*$/gm)) {
    const line = match[0]
    if (line.startsWith('--')) continue
    const code = /^(.*?)(?:\s--.*)?$/.exec(line)?.[1]?.trimEnd() ?? ''
    if (!code.endsWith(';')) continue
    const at = span.start + match.index + code.length - 1
    if (!blocks.some(({ start, end }) => at >= start && at < end)) cuts.push(at)
  }
  return cuts
}
