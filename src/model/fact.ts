import type {
  AddColumn,
  ChangeColumn,
  ChangeGenerated,
  ChangeIdentity,
  DropColumn,
  DropDefault,
  DropNotNull,
  RenameColumn,
  SetColumnType,
  SetDefault,
  SetNotNull,
} from './facts/columns.ts'
import type {
  AddConstraint,
  AlterConstraint,
  AttachPartition,
  DetachPartition,
  DropConstraint,
  RenameConstraint,
  ValidateConstraint,
} from './facts/constraints.ts'
import type { Copy, Delete, Insert, Merge, Select, Truncate, Update } from './facts/data.ts'
import type { AlterFunction, CreateFunction, CreateTrigger, SetTriggerState } from './facts/functions.ts'
import type { AttachIndex, CreateIndex, DropIndex, MoveIndex, RefreshCollation, Reindex } from './facts/indexes.ts'
import type {
  AlterExtension,
  AlterObject,
  AlterPublication,
  AlterSequence,
  Comment,
  CreateExtension,
  CreateObject,
  CreatePolicy,
  CreatePublication,
  CreateRule,
  CreateSchema,
  CreateSequence,
  DropObject,
  Grant,
  RenameObject,
} from './facts/objects.ts'
import type {
  Analyze,
  Cluster,
  DynamicSql,
  LockTable,
  OtherDdl,
  OtherStatement,
  SetSetting,
  TransactionControl,
  Vacuum,
} from './facts/sessions.ts'
import type { ChangeTable, CreateTable, CreateTableAs, DropTable, RenameTable, SetSchema } from './facts/tables.ts'
import type { AddEnumValue, AlterDomain, AlterType, CreateDomain, CreateType, RenameEnumValue } from './facts/types.ts'
import type { CreateView, DropView, RefreshMaterializedView } from './facts/views.ts'

export type * from './facts/columns.ts'
export type * from './facts/constraints.ts'
export type * from './facts/data.ts'
export type * from './facts/functions.ts'
export type * from './facts/indexes.ts'
export type * from './facts/objects.ts'
export type * from './facts/sessions.ts'
export type * from './facts/tables.ts'
export type * from './facts/types.ts'
export type * from './facts/views.ts'

/**
 * What a statement does, in words that do not depend on a parser. One statement gives one fact or several
 * (`ALTER TABLE` gives one per action, `DROP TABLE a, b` one per table). Every statement gives at least one:
 * what has no kind of its own is `other-ddl` or `other-statement`, what hides its SQL is `dynamic-sql`.
 */
export type Fact =
  | CreateTable
  | CreateTableAs
  | DropTable
  | RenameTable
  | SetSchema
  | ChangeTable
  | AddColumn
  | DropColumn
  | RenameColumn
  | SetColumnType
  | SetNotNull
  | DropNotNull
  | SetDefault
  | DropDefault
  | ChangeIdentity
  | ChangeGenerated
  | ChangeColumn
  | AddConstraint
  | ValidateConstraint
  | DropConstraint
  | RenameConstraint
  | AlterConstraint
  | AttachPartition
  | DetachPartition
  | CreateIndex
  | AttachIndex
  | DropIndex
  | Reindex
  | MoveIndex
  | RefreshCollation
  | CreateView
  | DropView
  | RefreshMaterializedView
  | CreateType
  | AddEnumValue
  | RenameEnumValue
  | AlterType
  | CreateDomain
  | AlterDomain
  | CreateFunction
  | AlterFunction
  | CreateTrigger
  | SetTriggerState
  | CreateSequence
  | AlterSequence
  | CreateSchema
  | CreateExtension
  | AlterExtension
  | CreatePolicy
  | CreateRule
  | CreatePublication
  | AlterPublication
  | CreateObject
  | AlterObject
  | DropObject
  | RenameObject
  | Grant
  | Comment
  | Truncate
  | Insert
  | Update
  | Delete
  | Merge
  | Copy
  | Select
  | LockTable
  | SetSetting
  | TransactionControl
  | Vacuum
  | Cluster
  | Analyze
  | DynamicSql
  | OtherDdl
  | OtherStatement

export type FactKind = Fact['kind']
export type FactOf<K extends FactKind> = Extract<Fact, { readonly kind: K }>

/** The facts by their kinds, for tables with an entry for each. */
export type FactsByKind = { readonly [K in FactKind]: FactOf<K> }
