import type { Node, ObjectWithArgs, TypeName as TypeNode } from 'libpg-query'
import type { Need } from '../../../model/facts/base.ts'
import { allOf, as } from '../grammar.ts'
import { listName, nameOf, objectParts, strings } from '../names.ts'
import { option } from '../options.ts'
import { argumentType, operandTypes } from './object-identity.ts'

/** A type that is needed; none where it is one of the server's own, written as SQL writes it. */
export function typeNeed(node: TypeNode | undefined): readonly Need[] {
  const name = listName(node?.names)
  return node === undefined || name.schema === 'pg_catalog' ? [] : [{ object: 'type', name }]
}

/** A function that is named alone, with the types of its arguments where its place tells them. */
export function functionNeed(name: readonly Node[] | undefined, argumentTypes?: readonly string[]): readonly Need[] {
  const needed = listName(name)
  if (name === undefined || needed.schema === 'pg_catalog') return []
  return [{ object: 'function', name: needed, ...(argumentTypes === undefined ? {} : { argumentTypes }) }]
}

/** A function or an operator that is named with its arguments. */
export function needWithArguments(object: 'function' | 'operator', node: ObjectWithArgs | undefined): readonly Need[] {
  if (node === undefined) return []
  const argumentTypes = object === 'operator' ? operandTypes(node) : allOf(node.objargs, 'TypeName').map(argumentType)
  const unspecified = node.args_unspecified === true || (object === 'operator' && node.objargs === undefined)
  return [{ object, name: listName(node.objname), ...(unspecified ? {} : { argumentTypes }) }]
}

/** What an option of `(name = value, …)` names: the grammar reads a bare word as the name of a type. */
export function optionNeed(
  options: readonly Node[] | undefined,
  name: string,
  object: Need['object'],
  argumentTypes?: readonly string[],
): readonly Need[] {
  const parts = objectParts(option(options, name)?.arg)
  const needed = nameOf(parts)
  if (parts.length === 0 || needed.name === 'none' || needed.schema === 'pg_catalog') return []
  return [{ object, name: needed, ...(argumentTypes === undefined ? {} : { argumentTypes }) }]
}

/** An option that names a type. */
export function typeOption(options: readonly Node[] | undefined, name: string): TypeNode | undefined {
  return as(option(options, name)?.arg, 'TypeName')
}

/** A global object, or one that is named by a single word. */
export function namedNeed(object: Need['object'], name: string | undefined): readonly Need[] {
  return name === undefined ? [] : [{ object, name: { name } }]
}

/** Names of dictionaries or of other objects that are lists in a list. */
export function namesIn(nodes: readonly Node[] | undefined): readonly Need['name'][] {
  return allOf(nodes, 'List').map(({ items }) => nameOf(strings(items)))
}
