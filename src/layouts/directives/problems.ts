import type { ErrorCode } from '../../core/error-codes.ts'
import { lineStarts } from '../../core/span.ts'
import type { Place } from '../../core/span.ts'
import type { SourceFile } from '../../model/migration.ts'
import { writtenPlace } from '../../model/written.ts'
import type { LayoutProblem } from '../layout.ts'

/** What is wrong with one file, in order of place. */
export class Problems {
  readonly #file: SourceFile
  readonly #found: { readonly offset: number; readonly problem: LayoutProblem }[] = []
  #starts: readonly number[] | undefined

  constructor(file: SourceFile) {
    this.#file = file
  }

  /** `offset`: where to point, in UTF-16 units. */
  add(code: ErrorCode, offset: number, message: string, hint: string): void {
    this.#starts ??= lineStarts(this.#file.text)
    const at = writtenPlace(this.#file, offset, this.#starts)
    const asComment = (words: string): string =>
      this.#file.recorded === undefined ? words : words.replaceAll('-- migrate:', '// migrate:')
    // A comment of a program may stand above several statements.
    if (this.#found.some(({ problem }) => problem.message === asComment(message) && samePlace(problem.at, at))) return
    this.#found.push({ offset, problem: { code, message: asComment(message), hint: asComment(hint), at } })
  }

  get list(): readonly LayoutProblem[] {
    return this.#found.toSorted((a, b) => a.offset - b.offset).map(({ problem }) => problem)
  }
}

function samePlace(a: Place, b: Place): boolean {
  return a.line === b.line && a.column === b.column
}
