import type { AlterTableCmd, AlterTableType } from 'libpg-query'
import type { Span } from '../../../core/span.ts'
import type { Fact } from '../../../model/fact.ts'
import type { Name } from '../../../model/name.ts'
import type { Reading } from '../reading.ts'

/** One action of an ALTER TABLE: its table and its text. */
export interface Action {
  readonly table: Name
  /** `ALTER TABLE ONLY`. */
  readonly only: boolean
  /** In offsets of the statement's text. */
  readonly place: Span
  /** In offsets of the file. */
  readonly span: Span
  readonly reading: Reading
}

export type ActionTable<T extends AlterTableType> = {
  readonly [K in T]?: (command: AlterTableCmd, action: Action) => readonly Fact[]
}
