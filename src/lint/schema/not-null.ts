import type { DropConstraint, DropNotNull, RenameConstraint, SetNotNull } from '../../model/fact.ts'
import type { Column, Constraint, Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'

/**
 * From PostgreSQL 18 on every NOT NULL is a constraint with a name, and so it is here; on older servers nobody asks for
 * the name. Those that a statement writes as constraints of a table are among its constraints; of the others the column
 * has the name.
 */
export function setNotNull(catalogue: Catalogue, fact: SetNotNull): void {
  const table = catalogue.table(fact.table)
  if (table !== undefined) makeNotNull(catalogue, table, fact.column, fact.only)
}

/** Tables that follow it get the NOT NULL of their parent, with its name, where they have none. */
export function makeNotNull(
  catalogue: Catalogue,
  table: Table,
  column: string,
  only = false,
  inherited?: { readonly notNullName: string | undefined },
): void {
  const known = table.columns.get(column)
  if (known === undefined) return
  const change = { notNull: true, ...(inherited === undefined ? {} : { ...inherited, notNullInherited: true }) }
  const changed = known.notNull ? table : catalogue.updateColumn(table, column, change)
  if (only) return
  const notNullName = nameOfNotNull(changed, column)
  for (const child of catalogue.childrenOf(changed)) makeNotNull(catalogue, child, column, false, { notNullName })
}

export function dropNotNull(catalogue: Catalogue, fact: DropNotNull): void {
  const table = catalogue.table(fact.table)
  if (table !== undefined) loseNotNull(catalogue, table, fact.column, fact.only)
}

/** Tables that follow it lose it too; from PostgreSQL 18 on not where it is their own as well, or another parent's. */
export function loseNotNull(catalogue: Catalogue, table: Table, column: string, only = false): void {
  const isOfColumn = (one: Constraint): boolean => one.type === 'not-null' && one.column === column
  const others = [...table.constraints].filter(([, one]) => !isOfColumn(one))
  const bare =
    others.length < table.constraints.size ? catalogue.updateTable(table, { constraints: new Map(others) }) : table
  const changed = catalogue.updateColumn(bare, column, nullable)
  for (const child of catalogue.childrenOf(changed)) {
    if (only) catalogue.updateColumn(child, column, { notNullInherited: undefined })
    else if (catalogue.isBefore(18) || isForParent(catalogue, child, column)) loseNotNull(catalogue, child, column)
  }
}

const nullable = { notNull: false, notNullName: undefined, notNullInherited: undefined } as const

function isForParent(catalogue: Catalogue, child: Table, column: string): boolean {
  return child.columns.get(column)?.notNullInherited === true && !isOfParent(catalogue, child, column)
}

function isOfParent(catalogue: Catalogue, child: Table, column: string): boolean {
  return catalogue.parentsOf(child.name).some((parent) => {
    const names = [...parent.partitions, ...parent.heirs]
    const isParent = names.some(({ schema, name }) => schema === child.name.schema && name === child.name.name)
    return isParent && parent.columns.get(column)?.notNull === true
  })
}

/** What the NOT NULL of a column is called. */
export function nameOfNotNull(table: Table, column: string): string | undefined {
  for (const one of table.constraints.values()) if (one.type === 'not-null' && one.column === column) return one.name
  return table.columns.get(column)?.notNullName
}

/** A column of a parent, as a table that follows it gets it. */
export function withParentsNotNull(parent: Table, column: Column): Column {
  return column.notNull
    ? { ...column, notNullName: nameOfNotNull(parent, column.name), notNullInherited: true }
    : column
}

/** The columns of a table, with a name for each NOT NULL that has none. */
export function withNotNullNames(
  { constraints }: Table,
  columns: ReadonlyMap<string, Column>,
  choose: (column: string, taken: ReadonlySet<string>) => string,
): ReadonlyMap<string, Column> {
  const unnamed: Column[] = []
  for (const column of columns.values()) if (column.notNull && column.notNullName === undefined) unnamed.push(column)
  if (unnamed.length === 0) return columns
  const explicit = new Set<string>()
  for (const one of constraints.values()) if (one.type === 'not-null') explicit.add(one.column)
  const taken = new Set<string>()
  for (const { notNullName } of columns.values()) if (notNullName !== undefined) taken.add(notNullName)
  const named = new Map(columns)
  for (const column of unnamed) {
    if (explicit.has(column.name)) continue
    const notNullName = choose(column.name, taken)
    taken.add(notNullName)
    named.set(column.name, { ...column, notNullName })
  }
  return named
}

/** Before PostgreSQL 18 a NOT NULL has no name, though one is written. */
export function dropImplicitNotNull(catalogue: Catalogue, table: Table, fact: DropConstraint): void {
  if (catalogue.isBefore(18)) return
  for (const column of table.columns.values())
    if (column.notNull && column.notNullName === fact.constraint) loseNotNull(catalogue, table, column.name, fact.only)
}

export function renameNotNull(catalogue: Catalogue, table: Table, { constraint, to }: RenameConstraint): boolean {
  const renamed = [...table.columns.values()].find(({ notNull, notNullName }) => notNull && notNullName === constraint)
  if (renamed !== undefined) catalogue.updateColumn(table, renamed.name, { notNullName: to })
  return renamed !== undefined
}
