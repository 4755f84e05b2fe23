import type { Node } from 'libpg-query'
import type { Name } from '../../model/name.ts'
import { as } from './grammar.ts'
import { nameOf, strings } from './names.ts'
import { typeOf } from './types.ts'

/** Functions of the server whose first argument is a relation. */
const takeRelation: ReadonlySet<string> = new Set(['nextval', 'currval', 'setval'])

/**
 * The relation that a part of an expression names by a constant: `nextval('s')`, `'shop.s'::regclass`. The server notes
 * which one that is when the expression is made; what is a text until then (`'s'::text`) it does not know.
 */
export function namedRelation(node: Node): Name | undefined {
  const call = as(node, 'FuncCall')
  if (call !== undefined)
    return takeRelation.has(nameOf(strings(call.funcname)).name) ? nameIn(call.args?.[0]) : undefined
  const cast = as(node, 'TypeCast')
  return cast !== undefined && typeOf(cast.typeName).name === 'regclass' ? nameIn(cast.arg) : undefined
}

function nameIn(node: Node | undefined): Name | undefined {
  const text = as(node, 'A_Const')?.sval?.sval
  // A number alone is the relation's own, whatever it is called.
  if (text === undefined || /^\s*\d+\s*$/.test(text)) return undefined
  const parts = [...text.matchAll(/"((?:[^"]|"")*)"|([^\s."]+)/g)]
  return nameOf(parts.map(([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare.toLowerCase()))
}
