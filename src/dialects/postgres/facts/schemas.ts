import type { Node, RangeVar } from 'libpg-query'
import { as } from '../grammar.ts'
import { option } from '../options.ts'
import type { StatementTable } from '../reading.ts'

export const schemaHandlers: StatementTable<
  'CreateSchemaStmt' | 'CreateExtensionStmt' | 'AlterExtensionStmt' | 'DropdbStmt'
> = {
  CreateSchemaStmt: (node, reading) => {
    const schema = node.schemaname ?? node.authrole?.rolename ?? ''
    const elements = (node.schemaElts ?? []).flatMap((element) => [...reading.factsOf(placed(element, schema))])
    return [
      { kind: 'create-schema', span: reading.span, schema, ifNotExists: node.if_not_exists === true },
      ...elements,
    ]
  },
  CreateExtensionStmt: (node, { span }) => [
    {
      kind: 'create-extension',
      span,
      extension: node.extname ?? '',
      ifNotExists: node.if_not_exists === true,
      ...versionOf(node.options),
      ...schemaOf(node.options),
    },
  ],
  AlterExtensionStmt: (node, { span }) => [
    { kind: 'alter-extension', span, extension: node.extname ?? '', ...versionOf(node.options) },
  ],
  DropdbStmt: (node, { span }) => [
    {
      kind: 'drop-object',
      span,
      object: 'database',
      name: { name: node.dbname ?? '' },
      ifExists: node.missing_ok === true,
      cascade: false,
    },
  ],
}

function versionOf(options: readonly Node[] | undefined): { readonly version?: string } {
  const version = as(option(options, 'new_version')?.arg, 'String')?.sval
  return version === undefined ? {} : { version }
}

function schemaOf(options: readonly Node[] | undefined): { readonly schema?: string } {
  const schema = as(option(options, 'schema')?.arg, 'String')?.sval
  return schema === undefined ? {} : { schema }
}

/** An element of CREATE SCHEMA with the new schema in front of its own name, as the server does it. */
function placed(element: Node, schema: string): Node {
  const inSchema = (relation: RangeVar | undefined): RangeVar => ({ schemaname: schema, ...relation })
  const table = as(element, 'CreateStmt')
  if (table !== undefined) return { CreateStmt: { ...table, relation: inSchema(table.relation) } }
  const view = as(element, 'ViewStmt')
  if (view !== undefined) return { ViewStmt: { ...view, view: inSchema(view.view) } }
  const index = as(element, 'IndexStmt')
  if (index !== undefined) return { IndexStmt: { ...index, relation: inSchema(index.relation) } }
  const sequence = as(element, 'CreateSeqStmt')
  if (sequence !== undefined) return { CreateSeqStmt: { ...sequence, sequence: inSchema(sequence.sequence) } }
  const trigger = as(element, 'CreateTrigStmt')
  if (trigger !== undefined) return { CreateTrigStmt: { ...trigger, relation: inSchema(trigger.relation) } }
  return element
}
