import type { AlterSequence, CreateSequence } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { Sequence } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { sameName } from './key.ts'
import { removeType } from './types.ts'
import { createdName } from './views.ts'

export function createSequence(catalogue: Catalogue, fact: CreateSequence): void {
  const name = createdName(catalogue, fact.sequence, fact.temporary)
  if (fact.ifNotExists && catalogue.relationExists(name)) return
  // Without AS a sequence counts in bigint (PostgreSQL documentation, CREATE SEQUENCE).
  catalogue.putSequence({ name, type: fact.type?.name ?? 'bigint', ownedBy: owner(catalogue, fact.ownedBy) })
}

export function alterSequence(catalogue: Catalogue, fact: AlterSequence): void {
  const sequence = catalogue.sequence(fact.sequence)
  if (sequence === undefined) return
  catalogue.putSequence({
    ...sequence,
    type: fact.type?.name ?? sequence.type,
    ownedBy: fact.ownedBy === undefined ? sequence.ownedBy : owner(catalogue, fact.ownedBy),
  })
}

export function moveSequence(catalogue: Catalogue, sequence: Sequence, to: Required<Name>): void {
  catalogue.carryAge(sequence.name, to)
  catalogue.removeSequence(sequence.name)
  catalogue.putSequence({ ...sequence, name: to })
}

/** Defaults that count with it go by CASCADE; without, the server refuses. */
export function removeSequence(catalogue: Catalogue, { name, ownedBy }: Sequence, cascade: boolean): void {
  const isMeant = countsWith(catalogue, name)
  catalogue.removeSequence(name)
  if (!cascade) return
  for (const domain of catalogue.domains()) {
    const { default: value } = domain
    if (value?.functions.includes('nextval') === true && isMeant(value.sql)) removeType(catalogue, domain.name, true)
  }
  for (const table of catalogue.tables()) {
    for (const column of table.columns.values()) {
      const isOwn = ownedBy !== undefined && sameName(ownedBy.table, table.name) && ownedBy.column === column.name
      const { default: value } = column
      if (value?.functions.includes('nextval') !== true || !(isOwn || isMeant(value.sql))) continue
      catalogue.updateColumn(catalogue.table(table.name) ?? table, column.name, { default: undefined })
    }
  }
}

/**
 * Tells `nextval('name')` and `nextval('schema.name'::regclass)` of one sequence; a bare name is that of another one
 * where the search path leads there.
 */
function countsWith(catalogue: Catalogue, own: Required<Name>): (sql: string) => boolean {
  const { schema, name } = own
  const isAlone = !catalogue.sequences().some((other) => other.name.name === name && other.name.schema !== schema)
  const isFound = isAlone || sameName(catalogue.resolve({ name }, 'relation'), own)
  return (sql) => {
    const written = /'([^']*)'/.exec(sql)?.[1]?.replaceAll('"', '')
    return (isFound && written === name) || written === `${schema}.${name}`
  }
}

function owner(catalogue: Catalogue, ownedBy: CreateSequence['ownedBy']): Sequence['ownedBy'] {
  if (ownedBy === undefined || ownedBy === 'none') return undefined
  return { table: catalogue.resolve(ownedBy.table), column: ownedBy.column }
}
