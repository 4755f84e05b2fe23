import type { Name, ObjectKind } from '../name.ts'
import type { TypeName } from '../type.ts'
import type { FactBase, TableFact, Using } from './base.ts'
import type { TableUse } from './views.ts'

export interface CreateSequence extends FactBase {
  readonly kind: 'create-sequence'
  readonly sequence: Name
  readonly ifNotExists: boolean
  readonly temporary: boolean
  readonly type?: TypeName
  /** As in `ChangeIdentity.starts`. */
  readonly starts?: true
  readonly ownedBy?: { readonly table: Name; readonly column: string }
}
export interface AlterSequence extends FactBase {
  readonly kind: 'alter-sequence'
  readonly sequence: Name
  readonly type?: TypeName
  readonly restart: boolean
  readonly ownedBy?: { readonly table: Name; readonly column: string }
}
export interface CreateSchema extends FactBase {
  readonly kind: 'create-schema'
  readonly schema: string
  readonly ifNotExists: boolean
}
export interface CreateExtension extends FactBase {
  readonly kind: 'create-extension'
  readonly extension: string
  readonly ifNotExists: boolean
  readonly version?: string
}
/** ALTER EXTENSION … UPDATE. */
export interface AlterExtension extends FactBase {
  readonly kind: 'alter-extension'
  readonly extension: string
  /** Undefined: the server's newest. */
  readonly version?: string
}
export interface CreatePolicy extends TableFact, Using {
  readonly kind: 'create-policy'
  readonly policy: string
}
export interface CreateRule extends TableFact, Using {
  readonly kind: 'create-rule'
  readonly rule: string
  readonly event: 'select' | 'insert' | 'update' | 'delete'
  readonly instead: boolean
  /** Tables that its actions change. */
  readonly changes: readonly Name[]
  readonly replace: boolean
}
export interface CreatePublication extends FactBase {
  readonly kind: 'create-publication'
  /** Columns in lists and conditions (PostgreSQL 15). */
  readonly uses?: readonly TableUse[]
  readonly publication: string
  readonly allTables: boolean
  readonly tables: readonly Name[]
}
export interface AlterPublication extends FactBase {
  readonly kind: 'alter-publication'
  readonly uses?: readonly TableUse[]
  readonly publication: string
  /** `set` replaces the whole list of tables. */
  readonly action: 'add' | 'set' | 'drop' | 'options'
  readonly tables: readonly Name[]
  /** Schemas whose tables are all published (PostgreSQL 15); '' for CURRENT_SCHEMA. */
  readonly schemas: readonly string[]
}
/** DROP of anything that is not a table, view or index. */
export interface DropObject extends FactBase {
  readonly kind: 'drop-object'
  readonly object: ObjectKind
  readonly name: Name
  /** The table of a trigger, policy or rule. */
  readonly table?: Name
  /** Of a function or procedure, as in `CreateFunction`; undefined where only its name is given. */
  readonly argumentTypes?: readonly string[]
  readonly ifExists: boolean
  readonly cascade: boolean
}
/** RENAME of anything that is not a table, column or constraint of a table. */
export interface RenameObject extends FactBase {
  readonly kind: 'rename-object'
  readonly object: ObjectKind
  readonly name: Name
  readonly table?: Name
  readonly to: string
  /** `ALTER TABLE name RENAME` on an index or view takes a stronger lock than the command made for it. */
  readonly viaAlterTable: boolean
}
export interface Grant extends FactBase {
  readonly kind: 'grant'
  readonly revoke: boolean
  readonly object: ObjectKind
  readonly names: readonly Name[]
  /** `ALL TABLES IN SCHEMA`: the names are those of schemas. */
  readonly allInSchema: boolean
  /** Empty: all. */
  readonly privileges: readonly string[]
  /** `public` for PUBLIC. */
  readonly grantees: readonly string[]
}
export interface Comment extends FactBase {
  readonly kind: 'comment'
  readonly object: ObjectKind
  readonly name: Name
  readonly column?: string
}
