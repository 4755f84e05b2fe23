import type { Name, ObjectKind } from '../name.ts'
import type { TypeName } from '../type.ts'
import type { FactBase, Identified, Need, TableFact, Using } from './base.ts'
import type { TableUse } from './views.ts'

export interface CreateSequence extends FactBase {
  readonly kind: 'create-sequence'
  readonly sequence: Name
  readonly ifNotExists: boolean
  readonly temporary: boolean
  readonly type?: TypeName
  /** As in `ChangeIdentity.starts`. */
  readonly starts?: true
  readonly ownedBy?: { readonly table: Name; readonly column: string } | 'none'
}
export interface AlterSequence extends FactBase {
  readonly kind: 'alter-sequence'
  readonly sequence: Name
  readonly type?: TypeName
  readonly restart: boolean
  readonly ownedBy?: { readonly table: Name; readonly column: string } | 'none'
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
  /** Where its objects are made, if the statement says so. */
  readonly schema?: string
  readonly version?: string
}
/** ALTER EXTENSION … UPDATE. */
export interface AlterExtension extends FactBase {
  readonly kind: 'alter-extension'
  readonly extension: string
  /** Undefined: the server's newest. */
  readonly version?: string
}
export type PolicyClause = 'using' | 'with check'
export interface CreatePolicy extends TableFact, Using {
  readonly kind: 'create-policy'
  readonly policy: string
  /** Which of its conditions use anything. */
  readonly clauses?: readonly PolicyClause[]
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
/** CREATE of anything that has no kind of its own. */
export interface CreateObject extends FactBase, Identified, Using {
  readonly kind: 'create-object'
  readonly object: ObjectKind
  /** '' where the server chooses it: CREATE STATISTICS without a name. */
  readonly name: Name
  /** The columns of extended statistics, of which the server makes a name; '' for an expression. */
  readonly namedAfter?: readonly string[]
  readonly ifNotExists: boolean
  readonly replace: boolean
  readonly needs: readonly Need[]
}
/** ALTER of what has no kind of its own; `tag` is the server's command tag, such as `ALTER STATISTICS`. */
export interface AlterObject extends FactBase, Identified {
  readonly kind: 'alter-object'
  readonly object: ObjectKind
  readonly name: Name
  readonly tag: string
  /** What it needs from now on, beside what it needs already. */
  readonly needs?: readonly Need[]
  /** Kinds of words (of a text search configuration) for which what it needed before is not needed any more. */
  readonly tokens?: readonly string[]
  /** A dictionary that another takes the place of. */
  readonly replaces?: { readonly from: Name; readonly to: Name }
  /** Of a policy: the conditions that it states anew, which of them use anything, and what. */
  readonly conditions?: Using & { readonly stated: readonly PolicyClause[]; readonly clauses?: readonly PolicyClause[] }
}
/** DROP of anything that is not a table, view or index. */
export interface DropObject extends FactBase, Identified {
  readonly kind: 'drop-object'
  readonly object: ObjectKind
  readonly name: Name
  readonly ifExists: boolean
  readonly cascade: boolean
}
/** RENAME of anything that is not a table, column or constraint of a table. */
export interface RenameObject extends FactBase, Identified {
  readonly kind: 'rename-object'
  readonly object: ObjectKind
  readonly name: Name
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
