import type { AlterPublicationAction, Node } from 'libpg-query'
import type { AlterPublication } from '../../../model/fact.ts'
import type { Name } from '../../../model/name.ts'
import { allOf } from '../grammar.ts'
import { relationName } from '../names.ts'
import type { StatementTable } from '../reading.ts'

export const publicationHandlers: StatementTable<'CreatePublicationStmt' | 'AlterPublicationStmt'> = {
  CreatePublicationStmt: (node, { span }) => [
    {
      kind: 'create-publication',
      span,
      publication: node.pubname ?? '',
      allTables: node.for_all_tables === true,
      tables: publishedTables(node.pubobjects),
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

function publishedSchemas(objects: readonly Node[] | undefined): readonly string[] {
  return allOf(objects, 'PublicationObjSpec').flatMap(({ pubtable, name }) =>
    pubtable === undefined ? [name ?? ''] : [],
  )
}
