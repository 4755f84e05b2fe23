import type { ConstraintDefinition } from './constraint.ts'
import type { CreateTrigger, TableUse } from './fact.ts'
import type { Identified, Need } from './facts/base.ts'
import type { PolicyClause } from './facts/objects.ts'
import type { TypeAttribute } from './facts/types.ts'
import type { Name, ObjectKind } from './name.ts'
import type { PartitionBound } from './partition.ts'
import type { Expression, TypeName } from './type.ts'

/**
 * The schema as the history left it: what the rules and recipes ask. Read-only; `lint/` builds it by replaying facts.
 * Whatever dynamic SQL may have touched is not known, and `lookup` says so instead of guessing.
 */
export interface Schema {
  /** Schemas in which bare names are looked up, first match wins. */
  readonly searchPath: readonly string[]
  /** False once a statement was replayed that hides what it does. */
  readonly complete: boolean
  table(name: Name): Table | undefined
  view(name: Name): View | undefined
  index(name: Name): Index | undefined
  /** Indexes of a table or materialized view. */
  indexesOf(relation: Required<Name>): readonly Index[]
  enumType(name: Name): EnumType | undefined
  domain(name: Name): Domain | undefined
  function(name: Name): SchemaFunction | undefined
  sequence(name: Name): Sequence | undefined
  publication(name: string): Publication | undefined
  /** The sequence that a column owns: of serial, of identity, or by OWNED BY. */
  sequenceOf(table: Name, column: string): Sequence | undefined
  tables(): readonly Table[]
  views(): readonly View[]
  functions(): readonly SchemaFunction[]
  /** What has no model of its own, of one kind or all. */
  objects(kind?: ObjectKind): readonly SchemaObject[]
  object(kind: ObjectKind, name: Name, identified?: Identified): SchemaObject | undefined
  /** Views that read `table`, and of those that name `column` (or `*`) where one is given. */
  viewsOn(table: Name, column?: string): readonly View[]
  /** Policies, rules, publications and functions with a parsed body that use a table, or one column of it. */
  dependentsOn(table: Name, column?: string): readonly Dependent[]
  /** Those of them that call a function, by its bare name. */
  dependentsCalling(function_: string): readonly Dependent[]
  /** Foreign keys of other tables that point at `table`. */
  foreignKeysTo(table: Name): readonly { readonly table: Table; readonly constraint: Constraint }[]
  /**
   * `name` with its schema filled in: where it is found on the search path, else where it would be created. Relations,
   * types and functions may share a name; without `space` a relation is meant before others.
   */
  resolve(name: Name, space?: NameSpace): Required<Name>
}

/** What is looked up apart from each other under one name. */
export type NameSpace = 'relation' | 'type' | 'function'

export interface Table {
  readonly name: Required<Name>
  readonly temporary: boolean
  readonly columns: ReadonlyMap<string, Column>
  /** It has other columns too, of which the history does not tell: a query made it. */
  readonly moreColumns?: true
  readonly constraints: ReadonlyMap<string, Constraint>
  readonly indexes: ReadonlyMap<string, Index>
  readonly triggers: ReadonlyMap<string, Trigger>
  readonly partitionBy: readonly string[] | undefined
  readonly partitionOf: Required<Name> | undefined
  /** Which rows it holds, where it is a partition. */
  readonly partitionBound?: PartitionBound | undefined
  readonly partitions: readonly Required<Name>[]
  /** Tables that inherit from it by INHERITS. */
  readonly heirs: readonly Required<Name>[]
  readonly rowSecurity: boolean
  readonly policies: ReadonlySet<string>
  /** The composite type that it was made of: `CREATE TABLE … OF type`. */
  readonly ofType: Required<Name> | undefined
  /** The foreign server that has its rows. */
  readonly server?: string | undefined
}

export interface Column {
  readonly name: string
  /** Undefined where the history does not tell: a query made it, and a function or an operator gave its values. */
  readonly type: TypeName | undefined
  readonly notNull: boolean
  readonly default: Expression | undefined
  readonly identity: 'always' | 'by default' | undefined
  readonly generated: 'stored' | 'virtual' | undefined
  /** Functions that the expression of a generated column calls, as written. */
  readonly functions?: readonly string[] | undefined
  /** The columns that a generated column is computed from. */
  readonly computedFrom?: readonly string[] | undefined
  /** As the statement writes it; undefined: the type's own. */
  readonly collation?: string | undefined
  /** It is there for a parent's sake alone, and goes with that one's. */
  readonly inherited?: boolean | undefined
  /** What its NOT NULL is called, from PostgreSQL 18 on, where that is not one of the table's constraints. */
  readonly notNullName?: string | undefined
  /** Its NOT NULL is there for a parent's sake alone, and goes with that one's. */
  readonly notNullInherited?: boolean | undefined
}

/** A column whose type is known. */
export type TypedColumn = Column & { readonly type: TypeName }

/** A constraint with the name it has in the server (chosen by it where the statement gave none). */
export type Constraint = ConstraintDefinition & {
  readonly name: string
  /** It is there for a parent's sake alone, and goes with that one's. */
  readonly inherited?: boolean | undefined
}

export interface Index {
  readonly name: Required<Name>
  readonly table: Required<Name>
  readonly unique: boolean
  readonly method: string
  /** Key columns; an expression gives ''. */
  readonly columns: readonly string[]
  /** The index of the partitioned table that it is a part of. */
  readonly parent?: Required<Name> | undefined
  /** What the server's name for a copy of it calls the keys, and the columns beside them. */
  readonly keyNames?: readonly string[] | undefined
  readonly include?: readonly string[] | undefined
  /** All columns that it depends on: keys, expressions, predicate, INCLUDE. */
  readonly usesColumns: readonly string[]
  /** Functions that its expressions and its predicate call, as written. */
  readonly functions?: readonly string[] | undefined
  readonly partial: boolean
  /** See `CreateIndex.plain`; undefined: not known. */
  readonly plain?: boolean | undefined
  /** The constraint that it enforces, if any. */
  readonly constraint: string | undefined
  /** False where a live database says that it is INVALID; undefined: nothing says so. */
  readonly valid?: false | undefined
}

export interface View {
  readonly name: Required<Name>
  readonly materialized: boolean
  readonly reads: readonly ViewUse[]
  /** Its columns in order; undefined where the history does not tell. */
  readonly columns: readonly string[] | undefined
  /** The same columns with their types, as far as those are known. */
  readonly columnTypes?: readonly ViewColumn[] | undefined
  /** Roles that were granted something on it; `public` for PUBLIC. */
  readonly grantees: readonly string[]
  /** Functions that its query calls, as written. */
  readonly calls: readonly string[]
  /** Types that its query casts to. */
  readonly types: readonly Required<Name>[]
  /** Names of its INSTEAD OF triggers. */
  readonly triggers: readonly string[]
}

/** What a query gives under a name. */
export interface ViewColumn {
  readonly name: string
  readonly type: TypeName | undefined
  readonly collation?: string | undefined
  /** A string or NULL without a type, which takes that of what it meets; in no view. */
  readonly untyped?: true
}

export interface ViewUse extends TableUse {
  readonly table: Required<Name>
  /** The view's columns come from `*`; `columns` holds what the server made of it when the view was created. */
  readonly spelledOut: boolean
}

export interface Trigger {
  readonly name: string
  readonly table: Required<Name>
  readonly function: Name
  /** Columns in its UPDATE OF and WHEN. */
  readonly columns: readonly string[]
  readonly timing: CreateTrigger['timing']
  readonly events: CreateTrigger['events']
  readonly rowLevel: boolean
  /** Columns of UPDATE OF; empty: an update of any column fires it. */
  readonly updateOf: readonly string[]
  /** What WHEN asks: the columns, and the functions that it calls. Undefined without WHEN. */
  readonly when: Pick<Expression, 'columns' | 'functions'> | undefined
  /** In which sessions it fires: `origin` in all but those that apply changes of a replica, which is how triggers begin. */
  readonly fires: 'origin' | 'never' | 'in replicas' | 'always'
}

/** An object that the server notes to use others. */
export interface Dependent {
  readonly kind: 'policy' | 'rule' | 'publication' | 'function'
  readonly name: Name
  /** The table of a policy or rule. */
  readonly table: Required<Name> | undefined
  /** Of a function. */
  readonly argumentTypes?: readonly string[] | undefined
  readonly uses: readonly (TableUse & { readonly table: Required<Name> })[]
  /** Functions that it calls, as written. */
  readonly calls: readonly string[]
  /** Of a policy: which of its conditions that is of. */
  readonly clauses?: readonly PolicyClause[] | undefined
}

/**
 * An object that statements create and drop, and that nothing else is known of: a cast, an operator, a schema, a
 * composite type.
 */
export interface SchemaObject extends Omit<Identified, 'table'> {
  readonly object: ObjectKind
  /** Without a schema where the kind has none. */
  readonly name: Name
  /** The table or view of a rule, the view of a trigger. */
  readonly table?: Required<Name>
  /** By CASCADE it goes with any of them. */
  readonly needs: readonly Need[]
  /** Columns that it goes with, without CASCADE too: those of extended statistics. */
  readonly uses: readonly (TableUse & { readonly table: Required<Name> })[]
  /** Functions that it calls, as written. */
  readonly calls: readonly string[]
  /** Of extended statistics: its columns as they are in a name that the server chooses, '' for an expression. */
  readonly namedAfter?: readonly string[]
  /** Of a composite type. */
  readonly attributes?: readonly TypeAttribute[]
  /** The server made it beside another object, and drops it with that: the multirange type of a range type. */
  readonly partOf?: true
  /** The schema that every database begins with, `public`, under another name. */
  readonly isFirst?: true
}

/** Anything that a schema is made of, as messages name it. */
export interface SchemaPart {
  readonly kind: string
  readonly name: Name
  /** The table, view or domain that it is of. */
  readonly of?: Required<Name>
  readonly argumentTypes?: readonly string[]
}

export interface EnumType {
  readonly name: Required<Name>
  readonly values: readonly string[]
}

export interface Domain {
  readonly name: Required<Name>
  readonly type: TypeName
  readonly notNull: boolean
  /** Its own, or the one that the domain below it had when it was made. */
  readonly default: Expression | undefined
  /** Its CHECK constraints, with the functions that they call. */
  readonly constraints: ReadonlyMap<string, DomainConstraint>
}

export interface DomainConstraint {
  readonly functions: readonly string[]
}

/** All functions and procedures of one name. */
export interface SchemaFunction {
  readonly name: Required<Name>
  /** Calls cannot be told apart here: of several that differ it is the least predictable. */
  readonly volatility: 'immutable' | 'stable' | 'volatile'
  readonly signatures: readonly FunctionSignature[]
}

/** One of the functions of a name; see `CreateFunction`. */
export interface FunctionSignature {
  readonly argumentTypes: readonly string[]
  readonly argumentNames: readonly string[]
  readonly defaults: number
  readonly variadic: boolean
  readonly returns: string
  readonly volatility: 'immutable' | 'stable' | 'volatile'
  readonly language: string
  readonly procedure: boolean
  /** Types of its arguments and of what it gives; those of the server's own that are written bare are among them. */
  readonly types: readonly Required<Name>[]
  readonly words?: readonly string[] | undefined
}

export interface Publication {
  readonly name: string
  readonly allTables: boolean
  /** Tables that it names; those of whole schemas are not among them. */
  readonly tables: readonly Required<Name>[]
}

export interface Sequence {
  readonly name: Required<Name>
  /** '' where the history does not tell that of its identity column. */
  readonly type: string
  readonly ownedBy: { readonly table: Required<Name>; readonly column: string } | undefined
  /** It counts for an identity column: it has its type, and goes with DROP IDENTITY. */
  readonly ofIdentity?: true
}
