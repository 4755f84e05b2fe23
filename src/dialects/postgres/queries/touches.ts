import type { Node } from 'libpg-query'
import type { Name } from '../../../model/name.ts'
import type { QueryShape } from '../../../model/query.ts'
import { functionVolatility } from '../built-in-functions.ts'
import { as, walk } from '../grammar.ts'
import { nameOf, strings } from '../names.ts'

/** What of a database a statement depends on, by the names in it. */
export function touchesOf(root: Node, relations: readonly Name[]): QueryShape['touches'] {
  if (relations.some((relation) => !isCatalogue(relation))) return 'schema'
  let touches: QueryShape['touches'] = relations.length > 0 ? 'catalogue' : 'nothing'
  walk(root, (node) => {
    const call = as(node, 'FuncCall')
    const written = call === undefined ? undefined : nameOf(strings(call.funcname))
    if (written !== undefined && !isBuiltInFunction(written)) touches = 'schema'
    const cast = as(node, 'TypeCast')
    if (cast !== undefined && !isBuiltInType(nameOf(strings(cast.typeName?.names)))) touches = 'schema'
  })
  return touches
}

/** Nobody but the server may name a schema like that, and hardly anybody names a table so. */
function isCatalogue({ schema, name }: Name): boolean {
  if (schema === 'information_schema' || schema?.startsWith('pg_') === true) return true
  return schema === undefined && name.startsWith('pg_')
}

function isBuiltInFunction({ schema, name }: Name): boolean {
  return name.startsWith('pg_') || functionVolatility(schema, name) !== 'unknown'
}

function isBuiltInType({ schema, name }: Name): boolean {
  return schema === 'pg_catalog' || (schema === undefined && (builtInTypes.has(name) || name.startsWith('reg')))
}

/** Types that are written as a bare name; those with a syntax of their own come qualified from the grammar. */
const builtInTypes: ReadonlySet<string> = new Set(
  `bool bytea char cid cidr date datemultirange daterange float4 float8 inet int2 int4 int8 int4range int8range json
  jsonb jsonpath macaddr macaddr8 money name numeric numrange oid pg_lsn text tid time timestamp timestamptz timetz
  tsquery tsrange tstzrange tsvector uuid varbit varchar xid xid8 xml`.split(/\s+/),
)
