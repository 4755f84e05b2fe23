import type { Span } from '../core/span.ts'
import type { ConstraintDefinition } from './constraint.ts'
import type { Name } from './name.ts'
import type { Expression, TypeName } from './type.ts'

/** A column as CREATE TABLE or ADD COLUMN writes it. */
export interface ColumnDefinition {
  readonly name: string
  readonly span: Span
  readonly type: TypeName
  /** Written NOT NULL, or implied by PRIMARY KEY, identity or serial. */
  readonly notNull: boolean
  /** The name that it gives its NOT NULL, which is one from PostgreSQL 18 on. */
  readonly notNullName?: string
  readonly default?: Expression
  readonly generated?: { readonly stored: boolean; readonly expression: Expression }
  readonly identity?: 'always' | 'by default'
  /** `IDENTITY (SEQUENCE NAME …)`: what its sequence is called, where the server does not choose. */
  readonly identitySequence?: Name
  readonly collation?: string
  /** Inline constraints: CHECK, REFERENCES, UNIQUE, PRIMARY KEY (not NOT NULL, see `notNull`). */
  readonly constraints: readonly ConstraintDefinition[]
}
