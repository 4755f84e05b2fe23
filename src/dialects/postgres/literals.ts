import type { Node } from 'libpg-query'
import { quoteLiteral } from '../../model/name.ts'
import { as } from './grammar.ts'

/** A constant as SQL, without the casts around it; undefined for anything else. */
export function literalOf(node: Node | undefined): string | undefined {
  const cast = as(node, 'TypeCast')
  if (cast !== undefined) return literalOf(cast.arg)
  const constant = as(node, 'A_Const')
  if (constant === undefined) return undefined
  if (constant.isnull === true) return 'null'
  if (constant.ival !== undefined) return String(constant.ival.ival ?? 0)
  if (constant.fval !== undefined) return constant.fval.fval
  if (constant.boolval !== undefined) return String(constant.boolval.boolval === true)
  return constant.sval === undefined ? undefined : quoteLiteral(constant.sval.sval ?? '')
}
