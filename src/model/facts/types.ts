import type { ConstraintDefinition } from '../constraint.ts'
import type { Name } from '../name.ts'
import type { Expression, TypeName } from '../type.ts'
import type { FactBase, Need } from './base.ts'

export interface CreateType extends FactBase {
  readonly kind: 'create-type'
  readonly type: Name
  readonly form: 'enum' | 'composite' | 'range' | 'base' | 'shell'
  /** Enum labels in order. */
  readonly values: readonly string[]
  /** Of a composite type. */
  readonly attributes?: readonly TypeAttribute[]
  /** What a range or base type is made of. */
  readonly needs?: readonly Need[]
  /** The type of sets of a range, which the server makes beside it. */
  readonly multirange?: Name
}
export interface TypeAttribute {
  readonly name: string
  readonly type: TypeName
  readonly collation?: string
}
export interface AddEnumValue extends FactBase {
  readonly kind: 'add-enum-value'
  readonly type: Name
  readonly value: string
  readonly ifNotExists: boolean
  readonly placement?: { readonly where: 'before' | 'after'; readonly neighbour: string }
}
export interface RenameEnumValue extends FactBase {
  readonly kind: 'rename-enum-value'
  readonly type: Name
  readonly value: string
  readonly to: string
}
/** ALTER TYPE … ADD / DROP / ALTER / RENAME ATTRIBUTE of a composite type. */
export interface AlterType extends FactBase {
  readonly kind: 'alter-type'
  readonly type: Name
  readonly action: 'add-attribute' | 'drop-attribute' | 'alter-attribute' | 'rename-attribute' | 'other'
  /** The attribute with its new type, for `add-attribute` and `alter-attribute`. */
  readonly attribute?: TypeAttribute
  /** The attribute that is meant, for `drop-attribute` and `rename-attribute`. */
  readonly attributeName?: string
  /** Its new name, for `rename-attribute`. */
  readonly attributeTo?: string
  readonly cascade: boolean
}
export interface CreateDomain extends FactBase {
  readonly kind: 'create-domain'
  readonly domain: Name
  readonly type: TypeName
  readonly notNull: boolean
  readonly default?: Expression
  readonly constraints: readonly ConstraintDefinition[]
}
export interface AlterDomain extends FactBase {
  readonly kind: 'alter-domain'
  readonly domain: Name
  readonly action:
    | 'set-default'
    | 'drop-default'
    | 'set-not-null'
    | 'drop-not-null'
    | 'add-constraint'
    | 'drop-constraint'
    | 'validate-constraint'
  readonly constraint?: ConstraintDefinition
  readonly constraintName?: string
  /** For `set-default`. */
  readonly default?: Expression
}
