import { asName } from '../../core/placeholder.ts'
import type { Span } from '../../core/span.ts'
import type { HiddenSql, Section, SourceFile } from '../../model/migration.ts'
import type { SyntaxProblem } from '../../model/statement.ts'

interface Edit extends Span {
  readonly text: string
}

/**
 * A piece of a file on its way to becoming SQL that the grammar can read: what the tool replaces or does not send is
 * overwritten, never moved, so that every place stays the same.
 */
export class Mask {
  readonly file: SourceFile
  readonly span: Span
  readonly #edits: Edit[] = []
  readonly #hidden: HiddenSql[] = []
  readonly #problems: SyntaxProblem[] = []

  constructor(file: SourceFile, span: Span = { start: 0, end: file.text.length }) {
    this.file = file
    this.span = span
  }

  /** The text between two offsets, without line breaks, is not sent. */
  blank(start: number, end: number): void {
    this.put(start, this.file.text.slice(start, end).replaceAll(/[^\r\n]/g, ' '))
  }

  /** Overwrites as many characters as `text` has. */
  put(start: number, text: string): void {
    if (text !== '') this.#edits.push({ start, end: start + text.length, text })
  }

  /** The text between two offsets stands for something that its tool puts there. */
  name(start: number, end: number): void {
    this.put(start, asName(this.file.text.slice(start, end)))
  }

  /** SQL that nobody can see runs there. */
  hide(span: Span, reason: string): void {
    this.#hidden.push({ span, reason })
  }

  /** The tool itself refuses a statement. */
  refuse(span: Span, message: string): void {
    this.#problems.push({ span, statement: span, message })
  }

  /** The text of the whole piece as it is so far. Of two edits of one place the first counts. */
  get sql(): string {
    const { text } = this.file
    if (this.#edits.length === 0) return text.slice(this.span.start, this.span.end)
    const pieces: string[] = []
    let at = this.span.start
    for (const edit of this.#edits.toSorted((a, b) => a.start - b.start)) {
      if (edit.start < at || edit.end > this.span.end) continue
      pieces.push(text.slice(at, edit.start), edit.text)
      at = edit.end
    }
    pieces.push(text.slice(at, this.span.end))
    return pieces.join('')
  }

  /** `own`: the migration's own file, when the piece lies in another. */
  section(transaction: boolean, own: SourceFile = this.file): Section {
    return {
      ...(own === this.file ? {} : { source: this.file }),
      span: this.span,
      sql: this.sql,
      transaction,
      ...(this.#hidden.length === 0 ? {} : { hidden: this.#hidden }),
      ...(this.#problems.length === 0 ? {} : { problems: this.#problems }),
    }
  }
}
