import type { Node } from 'libpg-query'
import type { CreateSequence } from '../../../model/fact.ts'
import type { TypeName } from '../../../model/type.ts'
import { as } from '../grammar.ts'
import { nameOf, objectParts, relationName } from '../names.ts'
import { option, startsOf } from '../options.ts'
import type { StatementTable } from '../reading.ts'
import { typeOf } from '../types.ts'

export const sequenceHandlers: StatementTable<'CreateSeqStmt' | 'AlterSeqStmt'> = {
  CreateSeqStmt: (node, { span }) => [
    {
      kind: 'create-sequence',
      span,
      sequence: relationName(node.sequence),
      ifNotExists: node.if_not_exists === true,
      temporary: node.sequence?.relpersistence === 't',
      ...typeOption(node.options),
      ...startsOf(node.options),
      ...ownerOption(node.options),
    },
  ],
  AlterSeqStmt: (node, { span }) => [
    {
      kind: 'alter-sequence',
      span,
      sequence: relationName(node.sequence),
      ...typeOption(node.options),
      restart: option(node.options, 'restart') !== undefined,
      ...ownerOption(node.options),
    },
  ],
}

function typeOption(options: readonly Node[] | undefined): { readonly type?: TypeName } {
  const type = as(option(options, 'as')?.arg, 'TypeName')
  return type === undefined ? {} : { type: typeOf(type) }
}

/** `OWNED BY table.column`. */
function ownerOption(options: readonly Node[] | undefined): {
  readonly ownedBy?: CreateSequence['ownedBy'] & {}
} {
  const parts = objectParts(option(options, 'owned_by')?.arg)
  if (parts.length === 1) return { ownedBy: 'none' }
  if (parts.length === 0) return {}
  return { ownedBy: { table: nameOf(parts.slice(0, -1)), column: parts.at(-1) ?? '' } }
}
