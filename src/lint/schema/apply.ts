import type { Fact, FactKind, FactsByKind } from '../../model/fact.ts'
import { settle } from './cascade.ts'
import type { Catalogue } from './catalogue.ts'
import { addColumn, dropColumn } from './columns.ts'
import { changeGenerated, changeIdentity, dropDefault, setColumnType, setDefault } from './column-changes.ts'
import { dropNotNull, setNotNull } from './not-null.ts'
import { renameColumn } from './rename-columns.ts'
import { addConstraint, alterConstraint, dropConstraint, renameConstraint, validateConstraint } from './constraints.ts'
import { createRule } from './dependents.ts'
import { dropObject } from './drop-objects.ts'
import { alterFunction, createFunction } from './functions.ts'
import { attachIndexOf, createIndex, dropIndex, reindex } from './indexes.ts'
import { renameObject, renameTable, setSchema } from './move.ts'
import { alterObject, createObject } from './named-objects.ts'
import { createExtension, createSchema } from './schemas.ts'
import { createPolicy, createTrigger, grant, setTriggerState } from './objects.ts'
import { attachPartition, detachPartition } from './partitions.ts'
import { alterPublication, createPublication } from './publications.ts'
import { alterSequence, createSequence } from './sequences.ts'
import { changeTable, createTable, createTableAs, dropTable } from './tables.ts'
import { addEnumValue, alterDomain, alterType, createDomain, createType, renameEnumValue } from './types.ts'
import { createView, dropView } from './views.ts'

/** What each kind of fact does to the catalogue. A kind that is missing does not compile. */
type Appliers = { readonly [K in FactKind]: (catalogue: Catalogue, fact: FactsByKind[K]) => void }

const nothing = (): void => undefined

/** From here on the catalogue may differ from the database. */
const hidden = (catalogue: Catalogue): void => {
  catalogue.complete = false
}

/** Commands that make or drop objects which they do not name. */
const namesNothing: ReadonlySet<string> = new Set(['DROP OWNED', 'IMPORT FOREIGN SCHEMA'])

function otherDdl(catalogue: Catalogue, { tag }: FactsByKind['other-ddl']): void {
  if (namesNothing.has(tag)) catalogue.complete = false
}

const appliers: Appliers = {
  'create-table': createTable,
  'create-table-as': createTableAs,
  'drop-table': dropTable,
  'rename-table': renameTable,
  'set-schema': setSchema,
  'change-table': changeTable,
  'add-column': addColumn,
  'drop-column': dropColumn,
  'rename-column': renameColumn,
  'set-column-type': setColumnType,
  'set-not-null': setNotNull,
  'drop-not-null': dropNotNull,
  'set-default': setDefault,
  'drop-default': dropDefault,
  'change-identity': changeIdentity,
  'change-generated': changeGenerated,
  'change-column': nothing,
  'add-constraint': addConstraint,
  'validate-constraint': validateConstraint,
  'drop-constraint': dropConstraint,
  'rename-constraint': renameConstraint,
  'alter-constraint': alterConstraint,
  'attach-partition': attachPartition,
  'detach-partition': detachPartition,
  'create-index': createIndex,
  'attach-index': attachIndexOf,
  'drop-index': dropIndex,
  reindex,
  'move-index': nothing,
  'refresh-collation': nothing,
  'create-view': createView,
  'drop-view': dropView,
  'refresh-materialized-view': nothing,
  'create-type': createType,
  'add-enum-value': addEnumValue,
  'rename-enum-value': renameEnumValue,
  'alter-type': alterType,
  'create-domain': createDomain,
  'alter-domain': alterDomain,
  'create-function': createFunction,
  'alter-function': alterFunction,
  'create-trigger': createTrigger,
  'set-trigger-state': setTriggerState,
  'create-sequence': createSequence,
  'alter-sequence': alterSequence,
  'create-schema': createSchema,
  'create-extension': createExtension,
  'alter-extension': nothing,
  'create-policy': createPolicy,
  'create-rule': createRule,
  'create-publication': createPublication,
  'alter-publication': alterPublication,
  'create-object': createObject,
  'alter-object': alterObject,
  'drop-object': dropObject,
  'rename-object': renameObject,
  grant,
  comment: nothing,
  truncate: nothing,
  insert: nothing,
  update: nothing,
  delete: nothing,
  merge: nothing,
  copy: nothing,
  select: nothing,
  'lock-table': nothing,
  // The settings are followed through transactions, see `SettingsWalk`.
  'set-setting': nothing,
  transaction: nothing,
  vacuum: nothing,
  cluster: nothing,
  analyze: nothing,
  'dynamic-sql': hidden,
  'other-ddl': otherDdl,
  'other-statement': nothing,
}

function applyKind<K extends FactKind>(catalogue: Catalogue, kind: K, fact: FactsByKind[K]): void {
  appliers[kind](catalogue, fact)
}

/** Changes the catalogue as the server would; what a fact names and the catalogue lacks is passed over. */
export function applyFact(catalogue: Catalogue, fact: Fact): void {
  applyKind(catalogue, fact.kind, fact)
  settle(catalogue)
}

/** Whether the catalogue may be another one after such a fact. */
export function changesSchema({ kind }: Fact): boolean {
  return appliers[kind] !== nothing
}

/** Every kind of fact that a rule may look at. */
export const factKinds: ReadonlySet<string> = new Set(Object.keys(appliers))
