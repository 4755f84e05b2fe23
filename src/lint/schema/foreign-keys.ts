import type { ForeignKeyConstraint } from '../../model/constraint.ts'
import type { Constraint, Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { keyOf } from './key.ts'

type ForeignKey = ForeignKeyConstraint & Constraint

/** The part that a partition has of a foreign key of its parent, whatever it is called. */
export function partOfForeignKey(catalogue: Catalogue, child: Table, key: ForeignKey): ForeignKey | undefined {
  const parts = [...child.constraints.values()].flatMap((one) =>
    one.type === 'foreign-key' && one.inherited === true && isSame(catalogue, one, key) ? [one] : [],
  )
  return parts.find(({ name }) => name === key.name) ?? parts[0]
}

/**
 * One that a partition has already, and that becomes a part of its parent's. What more it says is not told, so that
 * nobody knows whether two that say more are alike.
 */
export function freeForeignKey(catalogue: Catalogue, child: Table, key: ForeignKey): ForeignKey | undefined {
  for (const one of child.constraints.values()) {
    if (one.type !== 'foreign-key' || one.inherited === true || !isSame(catalogue, one, key)) continue
    if (one.valid !== key.valid || one.onDelete !== key.onDelete || one.deferrable !== key.deferrable) continue
    if (one.initiallyDeferred !== key.initiallyDeferred || one.saysMore !== key.saysMore) continue
    if (one.saysMore === true) catalogue.complete = false
    return one
  }
  return undefined
}

function isSame(catalogue: Catalogue, a: ForeignKey, b: ForeignKey): boolean {
  return (
    keyOf(catalogue.resolve(a.references)) === keyOf(catalogue.resolve(b.references)) &&
    a.columns.join('\0') === b.columns.join('\0') &&
    a.referencedColumns.join('\0') === b.referencedColumns.join('\0')
  )
}

/** What a partition calls its own: as the parent does, where it has no other constraint of that name. */
export function forPartition(catalogue: Catalogue, child: Table, key: ForeignKey): ForeignKeyConstraint {
  const { name, ...rest } = key
  if (!child.constraints.has(name)) return key
  if (catalogue.isBefore(18)) return rest
  for (let pass = 1; ; pass += 1) {
    const numbered = `${name}_${pass}`
    if (!catalogue.constraintNameExists(child.name.schema, numbered)) return { ...rest, name: numbered }
  }
}
