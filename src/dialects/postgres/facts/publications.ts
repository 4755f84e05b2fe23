import type { AlterPublicationAction, Node } from 'libpg-query'
import type { AlterPublication, TableUse } from '../../../model/fact.ts'
import type { Name } from '../../../model/name.ts'
import { allOf } from '../grammar.ts'
import { relationName, strings } from '../names.ts'
import { usesOfConditions } from '../uses.ts'
import type { StatementTable } from '../reading.ts'

export const publicationHandlers: StatementTable<'CreatePublicationStmt' | 'AlterPublicationStmt'> = {
  CreatePublicationStmt: (node, { span }) => [
    {
      kind: 'create-publication',
      span,
      publication: node.pubname ?? '',
      allTables: node.for_all_tables === true,
      tables: publishedTables(node.pubobjects),
      ...publishedUses(node.pubobjects),
    },
  ],
  AlterPublicationStmt: (node, { span }) => [
    {
      kind: 'alter-publication',
      span,
      publication: node.pubname ?? '',
      // Without objects it sets options, and the tree names an action all the same.
      action: node.pubobjects === undefined ? 'options' : node.action === undefined ? 'add' : actions[node.action],
      tables: publishedTables(node.pubobjects),
      schemas: publishedSchemas(node.pubobjects),
      ...publishedUses(node.pubobjects),
    },
  ],
}

const actions: Readonly<Record<AlterPublicationAction, AlterPublication['action']>> = {
  AP_AddObjects: 'add',
  AP_DropObjects: 'drop',
  AP_SetObjects: 'set',
}

function publishedTables(objects: readonly Node[] | undefined): readonly Name[] {
  return allOf(objects, 'PublicationObjSpec').flatMap(({ pubtable }) =>
    pubtable?.relation === undefined ? [] : [relationName(pubtable.relation)],
  )
}

function publishedUses(objects: readonly Node[] | undefined): { readonly uses?: readonly TableUse[] } {
  const uses = allOf(objects, 'PublicationObjSpec').flatMap(({ pubtable }) => {
    if (pubtable?.relation === undefined) return []
    const columns = strings(pubtable.columns)
    const listed = columns.length === 0 ? [] : [{ table: relationName(pubtable.relation), columns, star: false }]
    return [...listed, ...(usesOfConditions(pubtable.relation, pubtable.whereClause).uses ?? [])]
  })
  return uses.length === 0 ? {} : { uses }
}

function publishedSchemas(objects: readonly Node[] | undefined): readonly string[] {
  return allOf(objects, 'PublicationObjSpec').flatMap(({ pubtable, name }) =>
    pubtable === undefined ? [name ?? ''] : [],
  )
}
