import type { AlterType } from '../../model/fact.ts'
import type { Catalogue } from './catalogue.ts'
import { addColumn, dropColumn } from './columns.ts'
import { renameColumn } from './rename-columns.ts'
import { setColumnType } from './column-changes.ts'
import { sameName } from './key.ts'

/** Tables that were made of a composite type follow it. */
export function alterTypedTables(catalogue: Catalogue, fact: AlterType): void {
  const type = catalogue.resolve(fact.type, 'type')
  const { action, attribute, attributeName: column, attributeTo: to } = fact
  for (const { name: table, ofType } of catalogue.tables()) {
    if (ofType === undefined || !sameName(ofType, type)) continue
    const place = { table, span: fact.span }
    if (action === 'drop-attribute' && column !== undefined)
      dropColumn(catalogue, { ...place, kind: 'drop-column', column, ifExists: false, cascade: true })
    if (action === 'rename-attribute' && column !== undefined && to !== undefined)
      renameColumn(catalogue, { ...place, kind: 'rename-column', column, to })
    if (attribute === undefined) continue
    const definition = { ...attribute, span: fact.span, notNull: false, constraints: [] }
    if (action === 'add-attribute')
      addColumn(catalogue, { ...place, kind: 'add-column', column: definition, ifNotExists: false })
    if (action === 'alter-attribute')
      setColumnType(catalogue, { ...place, kind: 'set-column-type', column: attribute.name, type: attribute.type })
  }
}
