import type { ColumnDefinition } from '../column.ts'
import type { Name } from '../name.ts'
import type { Conversion, Expression, TypeName } from '../type.ts'
import type { ColumnFact, TableFact } from './base.ts'

export interface AddColumn extends TableFact {
  readonly kind: 'add-column'
  readonly column: ColumnDefinition
  readonly ifNotExists: boolean
}
export interface DropColumn extends ColumnFact {
  readonly kind: 'drop-column'
  readonly ifExists: boolean
  readonly cascade: boolean
}
export interface RenameColumn extends ColumnFact {
  readonly kind: 'rename-column'
  readonly to: string
}
export interface SetColumnType extends ColumnFact {
  readonly kind: 'set-column-type'
  readonly type: TypeName
  readonly using?: Conversion
  readonly collation?: string
}
export interface SetNotNull extends ColumnFact {
  readonly kind: 'set-not-null'
}
export interface DropNotNull extends ColumnFact {
  readonly kind: 'drop-not-null'
}
export interface SetDefault extends ColumnFact {
  readonly kind: 'set-default'
  readonly default: Expression
}
export interface DropDefault extends ColumnFact {
  readonly kind: 'drop-default'
}
export interface ChangeIdentity extends ColumnFact {
  readonly kind: 'change-identity'
  readonly action: 'add' | 'set' | 'drop'
  readonly identity?: 'always' | 'by default'
  /** As in `ColumnDefinition.identitySequence`. */
  readonly sequence?: Name
  /** START WITH or RESTART WITH a number beyond the first, or one that only the server knows. */
  readonly starts?: true
}
export interface ChangeGenerated extends ColumnFact {
  readonly kind: 'change-generated'
  readonly action: 'set-expression' | 'drop-expression'
}
export interface ChangeColumn extends ColumnFact {
  readonly kind: 'change-column'
  readonly action: 'set-statistics' | 'set-storage' | 'set-compression' | 'set-options' | 'reset-options'
}
