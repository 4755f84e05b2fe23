import type { Span } from '../../core/span.ts'
import { suggestion } from '../../core/text.ts'
import type { SourceFile } from '../../model/migration.ts'
import type { Problems } from '../directives/problems.ts'

/** What the annotations of a file say. */
export interface GooseFile {
  /** From below `+goose Up` to `+goose Down` or the end. */
  readonly up: Span | undefined
  readonly down: Span | undefined
  readonly transaction: boolean
  /** Between `StatementBegin` and `StatementEnd`: one statement, semicolons or not. */
  readonly blocks: readonly Span[]
  /** Between `ENVSUB ON` and `ENVSUB OFF`: variables of the environment are put in. */
  readonly replaced: readonly Span[]
}

const known = ['Up', 'Down', 'StatementBegin', 'StatementEnd', 'NO TRANSACTION', 'ENVSUB ON', 'ENVSUB OFF'] as const
type Annotation = (typeof known)[number]

interface Found extends Span {
  readonly name: Annotation
}

/** Whether the text has a line that begins goose's way forward. */
export function hasUp(text: string): boolean {
  return /^\s*--\s*\+goose\s+up\s*$/im.test(text)
}

export function readAnnotations(file: SourceFile, problems: Problems): GooseFile {
  const { text } = file
  const found = [...text.matchAll(/^([ \t]*)--[ \t]*\+goose\b(.*)$/gim)].flatMap((match): Found | readonly Found[] => {
    const start = match.index + (match[1] ?? '').length
    const end = match.index + match[0].length
    const written = (match[2] ?? '').trim()
    const name = known.find((one) => one.toLowerCase() === written.toLowerCase())
    if (name === undefined)
      problems.add('directive-unknown', start, `goose has no annotation "${written}".`, suggestion(written, known))
    if (match[1] !== '')
      problems.add(
        'directive-invalid',
        start,
        'goose refuses an annotation with white space before it.',
        'Write it at the start of the line.',
      )
    return name === undefined ? [] : { name, start, end }
  })
  const first = (name: Annotation): Found | undefined => found.find((one) => one.name === name)
  const up = first('Up')
  const down = first('Down')
  if (up === undefined)
    problems.add('migration-empty', 0, 'There is no -- +goose Up.', 'Write it above the statements of the upgrade.')
  return {
    up: up && { start: up.end, end: down?.start ?? text.length },
    down: down && { start: down.end, end: text.length },
    transaction: first('NO TRANSACTION') === undefined,
    blocks: between(found, 'StatementBegin', 'StatementEnd', text.length),
    replaced: between(found, 'ENVSUB ON', 'ENVSUB OFF', text.length),
  }
}

function between(found: readonly Found[], open: Annotation, close: Annotation, end: number): readonly Span[] {
  return found.flatMap((one, index) => {
    if (one.name !== open) return []
    const closing = found.slice(index + 1).find(({ name }) => name === close)
    return { start: one.end, end: closing?.start ?? end }
  })
}
