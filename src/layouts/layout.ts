import type { ErrorCode } from '../core/errors.ts'
import type { Place } from '../core/span.ts'
import type { Migration, SourceFile } from '../model/migration.ts'

/** How migrations lie on disk. Pure: it is given texts and gives migrations. */
export interface Layout {
  readonly id: string
  readonly title: string
  /** Layouts are asked in this order, lowest first. The last one fits everything. */
  readonly rank: number
  /** Whether these files look like this layout. The first layout of the catalogue that says yes is taken. */
  detect(files: readonly SourceFile[]): boolean
  /** Reads the files, in the order given; the migrations come out in the order they are applied in. */
  read(files: readonly SourceFile[], options: LayoutOptions): LayoutReading
}

export interface LayoutOptions {
  /** Whether the runner of such files wraps each in a transaction; undefined: what the layout says. */
  readonly inTransaction?: boolean
  /** Rule ids that `-- migrate:allow` may name. */
  readonly knownRules: readonly string[]
  readonly knownGates: readonly string[]
}

export interface LayoutReading {
  readonly migrations: readonly Migration[]
  /** Everything that is wrong with the files, in order of place; nothing is applied while there is any. */
  readonly problems: readonly LayoutProblem[]
}

export interface LayoutProblem {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
  readonly at: Place
}
