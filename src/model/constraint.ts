import type { Span } from '../core/span.ts'
import type { Name } from './name.ts'
import type { Expression } from './type.ts'

interface ConstraintBase {
  /** The name as written; undefined where the server chooses one. */
  readonly name?: string
  readonly span: Span
  /** False for `NOT VALID`. */
  readonly valid: boolean
  /** False for `NOT ENFORCED` (PostgreSQL 18). */
  readonly enforced: boolean
  readonly deferrable: boolean
  /** `INITIALLY DEFERRED`: checked when the transaction commits. */
  readonly initiallyDeferred?: boolean
}

export interface CheckConstraint extends ConstraintBase {
  readonly type: 'check'
  readonly expression: Expression
  /** `NO INHERIT`: tables that inherit from this one do not get it. */
  readonly noInherit?: true
}

export interface ForeignKeyConstraint extends ConstraintBase {
  readonly type: 'foreign-key'
  readonly columns: readonly string[]
  readonly references: Name
  /** Empty: the referenced table's primary key. */
  readonly referencedColumns: readonly string[]
  readonly onDelete: 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'
  /** It says more than `onDelete` and `deferrable`: ON UPDATE, MATCH FULL, INITIALLY DEFERRED, ON DELETE SET NULL (columns). */
  readonly saysMore?: boolean
}

export interface KeyConstraint extends ConstraintBase {
  readonly type: 'primary-key' | 'unique'
  readonly columns: readonly string[]
  /** Columns that its index has beside them. */
  readonly include?: readonly string[]
  /** The index that becomes the constraint: `… USING INDEX name`. */
  readonly usingIndex?: string
  /** It says more than its columns: INCLUDE, NULLS NOT DISTINCT, WITHOUT OVERLAPS, WITH, TABLESPACE. */
  readonly saysMore?: boolean
}

export interface NotNullConstraint extends ConstraintBase {
  readonly type: 'not-null'
  readonly column: string
  /** As in `CheckConstraint` (PostgreSQL 18). */
  readonly noInherit?: true
}

export interface ExclusionConstraint extends ConstraintBase {
  readonly type: 'exclude'
  /** An expression gives ''. */
  readonly columns: readonly string[]
  /** Of its index; the server's own choice is `gist`. */
  readonly method?: string
  /** What the server's chosen name calls the columns, where an expression has a name. */
  readonly keyNames?: readonly string[]
  /** Columns of its expressions and of WHERE. */
  readonly expressionColumns?: readonly string[]
  /** Columns that its index has beside them. */
  readonly include?: readonly string[]
  /** Functions that its expressions call, as written. */
  readonly functions?: readonly string[]
  readonly partial?: true
}

/** A constraint as a statement writes it, on a table or inline on a column. */
export type ConstraintDefinition =
  | CheckConstraint
  | ForeignKeyConstraint
  | KeyConstraint
  | NotNullConstraint
  | ExclusionConstraint
