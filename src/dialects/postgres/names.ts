import type { Node, ObjectWithArgs, RangeVar } from 'libpg-query'
import type { Name } from '../../model/name.ts'
import { allOf, as } from './grammar.ts'

/** The name of a relation; a database's name in front of it is left out. */
export function relationName(relation: RangeVar | undefined): Name {
  const name = relation?.relname ?? ''
  return relation?.schemaname === undefined ? { name } : { schema: relation.schemaname, name }
}

/** The strings of a list. */
export function strings(nodes: readonly Node[] | undefined): readonly string[] {
  return allOf(nodes, 'String').map(({ sval }) => sval ?? '')
}

/** A name that the tree keeps as a list of its parts. */
export function listName(nodes: readonly Node[] | undefined): Name {
  return nameOf(strings(nodes))
}

/** The last part is the name, the one before it the schema; more is a database's name. */
export function nameOf(parts: readonly string[]): Name {
  const schema = parts.at(-2)
  const name = parts.at(-1) ?? ''
  return schema === undefined ? { name } : { schema, name }
}

/** A name that the tree keeps as a list, a single string, a type or a function with its arguments. */
export function objectName(node: Node | undefined): Name {
  return nameOf(objectParts(node))
}

/** All parts of such a name, in the order written. */
export function objectParts(node: Node | undefined): readonly string[] {
  const single = as(node, 'String')
  if (single !== undefined) return [single.sval ?? '']
  const list = as(node, 'List')
  if (list !== undefined) return (list.items ?? []).flatMap((item) => [...objectParts(item)])
  const type = as(node, 'TypeName')
  if (type !== undefined) return strings(type.names)
  return strings(withArguments(node)?.objname)
}

function withArguments(node: Node | undefined): ObjectWithArgs | undefined {
  return as(node, 'ObjectWithArgs')
}
