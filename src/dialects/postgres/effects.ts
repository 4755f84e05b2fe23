import type { Effect } from '../../model/effect.ts'
import type { Fact, FactKind, FactsByKind } from '../../model/fact.ts'
import type { Schema } from '../../model/schema.ts'
import {
  addColumn,
  alterColumn,
  changeColumn,
  changeGenerated,
  changeIdentity,
  dropColumn,
  setColumnType,
  setNotNull,
} from './effects/columns.ts'
import {
  addConstraint,
  alterConstraint,
  attachPartition,
  detachPartition,
  dropConstraint,
  renameConstraint,
  validateConstraint,
} from './effects/constraints.ts'
import { analyze, change, cluster, copy, createTableAs, insert, lockTable, select, vacuum } from './effects/data.ts'
import type { StatementScene } from '../dialect.ts'
import type { Scene } from './effects/effect.ts'
import { effect, mergeEffects } from './effects/effect.ts'
import { createIndex, dropIndex, reindex } from './effects/indexes.ts'
import {
  alterDomain,
  alterObject,
  alterType,
  comment,
  createObject,
  createRule,
  createTrigger,
  createView,
  dropObject,
  dropView,
  grant,
  onPartitions,
  ownSequence,
  publication,
  refreshMaterializedView,
  renameObject,
} from './effects/objects.ts'
import { changeTable, createTable, dropTable, renameTable, setSchema, truncate } from './effects/tables.ts'

/** What each kind of fact does to tables. A kind that is missing does not compile. */
type Effects = { readonly [K in FactKind]: (fact: FactsByKind[K], scene: Scene) => readonly Effect[] }

const none = (): readonly Effect[] => []

const table: Effects = {
  'create-table': createTable,
  'create-table-as': createTableAs,
  'drop-table': dropTable,
  'rename-table': renameTable,
  'set-schema': setSchema,
  'change-table': changeTable,
  'add-column': addColumn,
  'drop-column': dropColumn,
  'rename-column': alterColumn,
  'set-column-type': setColumnType,
  'set-not-null': setNotNull,
  'drop-not-null': alterColumn,
  'set-default': alterColumn,
  'drop-default': alterColumn,
  'change-identity': changeIdentity,
  'change-generated': changeGenerated,
  'change-column': changeColumn,
  'add-constraint': addConstraint,
  'validate-constraint': validateConstraint,
  'drop-constraint': dropConstraint,
  'rename-constraint': renameConstraint,
  'alter-constraint': alterConstraint,
  'attach-partition': attachPartition,
  'detach-partition': detachPartition,
  'create-index': createIndex,
  'attach-index': none,
  'drop-index': dropIndex,
  reindex,
  // The lock is on the index alone, but no query of its table can be planned without it.
  'move-index': none,
  'refresh-collation': none,
  'create-view': createView,
  'drop-view': dropView,
  'refresh-materialized-view': refreshMaterializedView,
  'create-type': none,
  'add-enum-value': none,
  'rename-enum-value': none,
  'alter-type': alterType,
  'create-domain': none,
  'alter-domain': alterDomain,
  'create-function': none,
  'alter-function': none,
  'create-trigger': createTrigger,
  'set-trigger-state': (fact, scene) => onPartitions(scene, fact.table, 'SHARE ROW EXCLUSIVE'),
  'create-sequence': ownSequence,
  'alter-sequence': ownSequence,
  'create-schema': none,
  'create-extension': none,
  'alter-extension': none,
  'create-policy': (fact, scene) => [effect(scene, fact.table, 'ACCESS EXCLUSIVE')],
  'create-rule': createRule,
  'create-publication': publication,
  'alter-publication': publication,
  'create-object': createObject,
  'alter-object': alterObject,
  'drop-object': dropObject,
  'rename-object': renameObject,
  grant,
  comment,
  truncate,
  insert,
  update: change,
  delete: change,
  merge: insert,
  copy,
  select,
  'lock-table': lockTable,
  'set-setting': none,
  transaction: none,
  vacuum,
  cluster,
  analyze,
  // What is hidden or has no kind of its own is not claimed to do nothing: rules report it as not understood.
  'dynamic-sql': none,
  'other-ddl': none,
  'other-statement': none,
}

function effectsOfKind<K extends FactKind>(kind: K, fact: FactsByKind[K], scene: Scene): readonly Effect[] {
  return table[kind](fact, scene)
}

function drops({ kind }: Fact): boolean {
  return kind === 'drop-constraint' || kind === 'drop-column'
}

/** The constraints and the columns that go with a statement. */
function droppedBy(statement: readonly Fact[]): readonly [ReadonlySet<string>, ReadonlySet<string>] {
  const constraints = statement.flatMap((other) => (other.kind === 'drop-constraint' ? [other.constraint] : []))
  const columns = statement.flatMap((other) => (other.kind === 'drop-column' ? [other.column] : []))
  return [new Set(constraints), new Set(columns)]
}

const nothing: ReadonlySet<string> = new Set()

/**
 * What a fact does to each table that exists already: the strongest lock, and whether its rows are read or written
 * anew meanwhile. Every claim is measured on real servers of the versions 14 to 18 by `test/dialects/effects.test.ts`.
 * Tables that the schema does not know are taken to be there, and to need the work.
 */
export function effects(
  fact: Fact,
  schema: Schema,
  version: number,
  { statement = [], timeZone }: StatementScene = {},
): readonly Effect[] {
  const [dropped, droppedColumns] = statement.some(drops) ? droppedBy(statement) : [nothing, nothing]
  return mergeEffects(effectsOfKind(fact.kind, fact, { schema, version, dropped, droppedColumns, timeZone }))
}
