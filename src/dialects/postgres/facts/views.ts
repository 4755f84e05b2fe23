import { relationName } from '../names.ts'
import { isOn } from '../options.ts'
import { tablesRead } from '../reads.ts'
import type { StatementTable } from '../reading.ts'
import { callsOfQuery, constantsOfQuery, typesOfQuery } from '../uses.ts'
import { viewColumns } from './view-columns.ts'

export const viewHandlers: StatementTable<'ViewStmt' | 'RefreshMatViewStmt'> = {
  ViewStmt: (node, reading) => [
    {
      kind: 'create-view',
      span: reading.span,
      view: relationName(node.view),
      materialized: false,
      replace: node.replace === true,
      temporary: node.view?.relpersistence === 't',
      ifNotExists: false,
      withData: true,
      reads: tablesRead(node.query),
      ...callsOfQuery(node.query),
      ...typesOfQuery(node.query),
      ...constantsOfQuery(node.query),
      ...viewColumns(node.aliases, node.query),
      securityInvoker: isOn(node.options, 'security_invoker'),
    },
  ],
  RefreshMatViewStmt: (node, reading) => [
    {
      kind: 'refresh-materialized-view',
      span: reading.span,
      view: relationName(node.relation),
      concurrently: node.concurrent === true,
      withData: node.skipData !== true,
    },
  ],
}
