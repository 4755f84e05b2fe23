import type { ErrorCode } from '../../core/errors.ts'
import { lineStarts, positionAt } from '../../core/span.ts'
import type { SourceFile } from '../../model/migration.ts'
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
    const at = { path: this.#file.path, ...positionAt(this.#file.text, offset, this.#starts) }
    this.#found.push({ offset, problem: { code, message, hint, at } })
  }

  get list(): readonly LayoutProblem[] {
    return this.#found.toSorted((a, b) => a.offset - b.offset).map(({ problem }) => problem)
  }
}
