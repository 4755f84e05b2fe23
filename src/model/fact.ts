import type { Span } from '../core/span.ts'
import type { ColumnDefinition } from './column.ts'
import type { ConstraintDefinition } from './constraint.ts'
import type { LockMode } from './lock.ts'
import type { Name, ObjectKind } from './name.ts'
import type { PartitionBound } from './partition.ts'
import type { Conversion, Expression, TypeName } from './type.ts'

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

interface FactBase {
  /** The part of the file to point at: the action of an ALTER TABLE, the column definition, or the whole statement. */
  readonly span: Span
}
interface TableFact extends FactBase {
  readonly table: Name
}
interface ColumnFact extends TableFact {
  readonly column: string
}

// Tables

export interface CreateTable extends TableFact {
  readonly kind: 'create-table'
  readonly columns: readonly ColumnDefinition[]
  readonly constraints: readonly ConstraintDefinition[]
  readonly ifNotExists: boolean
  readonly temporary: boolean
  readonly unlogged: boolean
  /** The parent, for `CREATE TABLE … PARTITION OF parent`. */
  readonly partitionOf?: Name
  /** Which rows it holds, where it is a partition. */
  readonly partitionBound?: PartitionBound
  /** The columns of `PARTITION BY`; an expression gives ''. */
  readonly partitionBy?: readonly string[]
  readonly inherits: readonly Name[]
  readonly like: readonly Name[]
  /** The composite type of `CREATE TABLE … OF type`. */
  readonly ofType?: Name
  /** `WITH (…)`. */
  readonly options: readonly StorageOption[]
}
/** A storage parameter, such as `autovacuum_enabled = false`; both in lower case, the value '' where none is written. */
export interface StorageOption {
  readonly name: string
  readonly value: string
}
export interface CreateTableAs extends TableFact {
  readonly kind: 'create-table-as'
  readonly ifNotExists: boolean
  readonly temporary: boolean
  readonly withData: boolean
  readonly reads: readonly TableUse[]
}
export interface DropTable extends TableFact {
  readonly kind: 'drop-table'
  readonly ifExists: boolean
  readonly cascade: boolean
}
export interface RenameTable extends TableFact {
  readonly kind: 'rename-table'
  readonly to: string
}
export interface SetSchema extends FactBase {
  readonly kind: 'set-schema'
  readonly object: ObjectKind
  readonly name: Name
  readonly to: string
}
/** ALTER TABLE actions on the table as a whole that have no kind of their own. */
export interface ChangeTable extends TableFact {
  readonly kind: 'change-table'
  readonly action:
    | 'set-logged'
    | 'set-unlogged'
    | 'set-tablespace'
    | 'set-access-method'
    | 'set-options'
    | 'reset-options'
    | 'replica-identity'
    | 'owner'
    | 'enable-row-security'
    | 'disable-row-security'
    | 'force-row-security'
    | 'no-force-row-security'
    | 'inherit'
    | 'no-inherit'
    | 'cluster-on'
    | 'set-without-cluster'
    | 'of-type'
    | 'rule-state'
    | 'other'
  /** The other table, for `inherit` and `no-inherit`. */
  readonly other?: Name
  /** What identifies a row for logical replication from now on, for `replica-identity`. */
  readonly identity?: 'default' | 'full' | 'nothing' | 'index'
  /** What `set-options` sets. */
  readonly options?: readonly StorageOption[]
  /** What it is set to, for `owner`, `set-tablespace` and `set-access-method`. */
  readonly to?: string
}

// Columns

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

// Constraints

export interface AddConstraint extends TableFact {
  readonly kind: 'add-constraint'
  readonly constraint: ConstraintDefinition
}
export interface ValidateConstraint extends TableFact {
  readonly kind: 'validate-constraint'
  readonly constraint: string
}
export interface DropConstraint extends TableFact {
  readonly kind: 'drop-constraint'
  readonly constraint: string
  readonly ifExists: boolean
  readonly cascade: boolean
}
export interface RenameConstraint extends TableFact {
  readonly kind: 'rename-constraint'
  readonly constraint: string
  readonly to: string
}
export interface AlterConstraint extends TableFact {
  readonly kind: 'alter-constraint'
  readonly constraint: string
  /** True or false for `[NOT] ENFORCED` (PostgreSQL 18), undefined where only deferrability changes. */
  readonly enforced?: boolean
  /** True or false for `[NOT] DEFERRABLE` and `INITIALLY …`, undefined where only the enforcement changes. */
  readonly deferrable?: boolean
}

// Partitions

export interface AttachPartition extends TableFact {
  readonly kind: 'attach-partition'
  readonly partition: Name
  readonly isDefault: boolean
  readonly bound: PartitionBound
}
export interface DetachPartition extends TableFact {
  readonly kind: 'detach-partition'
  readonly partition: Name
  readonly concurrently: boolean
  readonly finalize: boolean
}

// Indexes

export interface CreateIndex extends TableFact {
  readonly kind: 'create-index'
  /** Undefined where the server chooses the name. */
  readonly index?: string
  readonly concurrently: boolean
  readonly unique: boolean
  readonly ifNotExists: boolean
  /** `ON ONLY parent`: not on the partitions. */
  readonly only: boolean
  readonly method: string
  /** Key columns; an expression gives ''. */
  readonly columns: readonly string[]
  /** What each key gives to a name that the server chooses, where an expression calls something: `lower` for `lower(title)`. */
  readonly keyNames?: readonly string[]
  /** Columns that key expressions and the predicate name. */
  readonly expressionColumns: readonly string[]
  /** Functions that key expressions and the predicate call, as written. */
  readonly functions?: readonly string[]
  readonly include: readonly string[]
  readonly where?: Expression
  /** Keys are bare columns in default order, operator class and collation; no INCLUDE, WHERE, WITH, TABLESPACE or NULLS NOT DISTINCT. */
  readonly plain?: boolean
}
export interface DropIndex extends FactBase {
  readonly kind: 'drop-index'
  readonly index: Name
  readonly concurrently: boolean
  readonly ifExists: boolean
  readonly cascade: boolean
}
export interface Reindex extends FactBase {
  readonly kind: 'reindex'
  readonly target: 'index' | 'table' | 'schema' | 'database' | 'system'
  readonly name?: Name
  readonly concurrently: boolean
}

/** ALTER INDEX … SET TABLESPACE. */
export interface MoveIndex extends FactBase {
  readonly kind: 'move-index'
  readonly index: Name
  readonly tablespace: string
}
/** REFRESH VERSION: what was sorted by an older version of a collation is said to be sorted by the present one. */
export interface RefreshCollation extends FactBase {
  readonly kind: 'refresh-collation'
  /** Undefined: the database's default one. */
  readonly collation?: Name
}

// Views

/** A table that a query reads, with the columns it names. */
export interface TableUse {
  readonly table: Name
  /** Columns named for sure or possibly (an unqualified name in a query over several tables is listed for each). */
  readonly columns: readonly string[]
  /** `*` or a whole-row use. */
  readonly star: boolean
  /** It is one side of a NATURAL JOIN. */
  readonly natural?: true
}
export interface CreateView extends FactBase {
  readonly kind: 'create-view'
  readonly view: Name
  readonly materialized: boolean
  readonly replace: boolean
  readonly temporary: boolean
  readonly ifNotExists: boolean
  readonly withData: boolean
  readonly reads: readonly TableUse[]
  /** Output column names where the query or the column list gives them; undefined where `*` hides them. */
  readonly columns?: readonly string[]
  /** The relation of `SELECT * FROM relation`: its columns are the view's. */
  readonly copies?: Name
  /** `WITH (security_invoker)`: tables are read with the rights of who reads the view (PostgreSQL 15). */
  readonly securityInvoker: boolean
}
export interface DropView extends FactBase {
  readonly kind: 'drop-view'
  readonly view: Name
  readonly materialized: boolean
  readonly ifExists: boolean
  readonly cascade: boolean
}
export interface RefreshMaterializedView extends FactBase {
  readonly kind: 'refresh-materialized-view'
  readonly view: Name
  readonly concurrently: boolean
  /** False for `WITH NO DATA`, which empties the view: it cannot be read any more. */
  readonly withData: boolean
}

// Types and domains

export interface CreateType extends FactBase {
  readonly kind: 'create-type'
  readonly type: Name
  readonly form: 'enum' | 'composite' | 'range' | 'base' | 'shell'
  /** Enum labels in order. */
  readonly values: readonly string[]
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
  readonly cascade: boolean
}
export interface CreateDomain extends FactBase {
  readonly kind: 'create-domain'
  readonly domain: Name
  readonly type: TypeName
  readonly notNull: boolean
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
}

// Functions and triggers

/** What an object goes on using for as long as it is there, so that the server refuses to drop that. */
interface Using {
  readonly uses?: readonly TableUse[]
  /** Functions, as written. */
  readonly calls?: readonly string[]
}

export interface CreateFunction extends FactBase, Using {
  readonly kind: 'create-function'
  readonly function: Name
  readonly procedure: boolean
  readonly replace: boolean
  readonly language: string
  readonly volatility: 'immutable' | 'stable' | 'volatile'
  /** Types of the input arguments, without length or precision, which a function's signature does not have. */
  readonly argumentTypes: readonly string[]
  /** Names of the input arguments; '' for one without. */
  readonly argumentNames: readonly string[]
  /** How many of the last arguments have a default. */
  readonly defaults: number
  /** The last argument takes any number of values. */
  readonly variadic: boolean
  /** What it gives: `integer`, `setof text`, `(id integer, name text)` for OUT arguments and TABLE; '' for a procedure without. */
  readonly returns: string
  readonly securityDefiner: boolean
  /** `SET search_path`. */
  readonly setsSearchPath: boolean
  /** The body is SQL of its own (`RETURN …`, `BEGIN ATOMIC …`), whose names are looked up when it is created. */
  readonly parsedBody: boolean
  /**
   * Names in a body that is a text of SQL or PL/pgSQL, key words among them, each once: `title`, and `new.title` for a
   * qualified one. Absent where there is no such text.
   */
  readonly words?: readonly string[]
}
/** ALTER FUNCTION, PROCEDURE or ROUTINE with options. */
export interface AlterFunction extends FactBase {
  readonly kind: 'alter-function'
  readonly function: Name
  /** Undefined where the statement does not say. */
  readonly securityDefiner?: boolean
  readonly setsSearchPath: boolean
}
export interface CreateTrigger extends TableFact {
  readonly kind: 'create-trigger'
  readonly trigger: string
  readonly function: Name
  readonly timing: 'before' | 'after' | 'instead of'
  readonly events: readonly ('insert' | 'update' | 'delete' | 'truncate')[]
  /** Columns that it names: in UPDATE OF and in WHEN. Absent where there are none. */
  readonly columns?: readonly string[]
  /** Columns of UPDATE OF alone. Absent: an update of any column fires it. */
  readonly updateOf?: readonly string[]
  readonly when?: Expression
  readonly rowLevel: boolean
  readonly replace: boolean
}
export interface SetTriggerState extends TableFact {
  readonly kind: 'set-trigger-state'
  /** Undefined for ALL or USER. */
  readonly trigger?: string
  /** `all` reaches the triggers that check foreign keys too. */
  readonly scope: 'one' | 'user' | 'all'
  readonly state: 'enable' | 'disable' | 'enable-always' | 'enable-replica'
}

// Other objects

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

// Data

export interface Truncate extends FactBase {
  readonly kind: 'truncate'
  readonly tables: readonly Name[]
  readonly cascade: boolean
}
export interface Insert extends TableFact {
  readonly kind: 'insert'
  /** Empty: no column list. */
  readonly columns: readonly string[]
  readonly source: 'values' | 'select' | 'default-values'
  readonly onConflict: 'none' | 'nothing' | 'update'
  /** The query has no WHERE, LIMIT, DISTINCT or grouping: each row that it reads becomes a row. */
  readonly copiesAll?: boolean
  /** Columns that the list names more than once. */
  readonly repeatedColumns?: readonly string[]
  readonly reads: readonly TableUse[]
}
/** What limits the rows of an UPDATE or DELETE. `always-true`: `WHERE true`, `WHERE 1 = 1`. */
export type RowFilter = 'none' | 'always-true' | 'condition'
export interface Update extends TableFact {
  readonly kind: 'update'
  readonly columns: readonly string[]
  readonly where: RowFilter
  /** Columns whose new value is reckoned from their own old one: `n = n + 1`, `name = 'Mr ' || name`. */
  readonly accumulates?: readonly string[]
  /** Columns that WHERE compares; a test for NULL compares nothing. */
  readonly whereColumns?: readonly string[]
  /** The condition compares a column with constants by = or IN, as to pick out some rows; not with true or false. */
  readonly picksRows?: boolean
  /** Columns that are assigned whole more than once. */
  readonly repeatedColumns?: readonly string[]
  readonly reads: readonly TableUse[]
}
export interface Delete extends TableFact {
  readonly kind: 'delete'
  readonly where: RowFilter
  /** See `Update.picksRows`. */
  readonly picksRows?: boolean
  readonly reads: readonly TableUse[]
}
export interface Merge extends TableFact {
  readonly kind: 'merge'
  readonly reads: readonly TableUse[]
}
export interface Copy extends FactBase {
  readonly kind: 'copy'
  readonly table?: Name
  readonly direction: 'from' | 'to'
  readonly columns: readonly string[]
}
export interface Select extends FactBase {
  readonly kind: 'select'
  readonly reads: readonly TableUse[]
  /** Functions it calls that are not known to be free of effects: `setval`, `pg_terminate_backend`, the user's own. */
  readonly functions: readonly string[]
  /** Sequences that `setval` sets to a number which is written there: `setval('s', 1)`, not `setval('s', max(id))`. */
  readonly setsSequences?: readonly Name[]
}

// Sessions and maintenance

export interface LockTable extends FactBase {
  readonly kind: 'lock-table'
  readonly tables: readonly Name[]
  readonly mode: LockMode
}
export interface SetSetting extends FactBase {
  readonly kind: 'set-setting'
  readonly setting: string
  /** Undefined for RESET and SET … TO DEFAULT. */
  readonly value?: string
  /** `value` of a timeout in milliseconds. */
  readonly milliseconds?: number
  /** An expression gives the value when it runs: `set_config('search_path', current_user, false)`. */
  readonly computed?: boolean
  readonly local: boolean
}
export interface TransactionControl extends FactBase {
  readonly kind: 'transaction'
  readonly action: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollback-to' | 'prepare' | 'other'
}
export interface Vacuum extends FactBase {
  readonly kind: 'vacuum'
  readonly full: boolean
  readonly tables: readonly Name[]
}
export interface Cluster extends FactBase {
  readonly kind: 'cluster'
  readonly table?: Name
}
export interface Analyze extends FactBase {
  readonly kind: 'analyze'
  readonly tables: readonly Name[]
}

// What is not understood

/** SQL that is put together or hidden at run time: nothing can be said about what it does. */
export interface DynamicSql extends FactBase {
  readonly kind: 'dynamic-sql'
  /** `elsewhere`: the tool runs SQL here that is not in the file. */
  readonly where: 'do-block' | 'call' | 'execute' | 'elsewhere'
  readonly reason: string
}
/** DDL that has no kind of its own; `tag` is the server's command tag, such as `CREATE OPERATOR`. */
export interface OtherDdl extends FactBase {
  readonly kind: 'other-ddl'
  readonly tag: string
}
/** Anything else: EXPLAIN, LISTEN, CHECKPOINT, … */
export interface OtherStatement extends FactBase {
  readonly kind: 'other-statement'
  readonly tag: string
  /** What SET CONSTRAINTS makes of the checks of constraints. */
  readonly constraints?: 'deferred' | 'immediate'
}
