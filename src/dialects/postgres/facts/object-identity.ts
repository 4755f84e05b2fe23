import type { Node, ObjectType, ObjectWithArgs, RoleSpec, TypeName as TypeNode } from 'libpg-query'
import type { Identified } from '../../../model/facts/base.ts'
import type { Name } from '../../../model/name.ts'
import { allOf, as } from '../grammar.ts'
import { nameOf, objectName, objectParts } from '../names.ts'
import { typeOf } from '../types.ts'
import { objectsOnTables } from './object-kinds.ts'

type Identity = { readonly name: Name } & Identified

/** The name of an object, and what tells it from its namesakes: its table, its arguments, its index method. */
export function identityOf(type: ObjectType | undefined, object: Node | undefined): Identity {
  const parts = objectParts(object)
  switch (type) {
    case 'OBJECT_CAST':
      return { name: { name: castName(allOf(as(object, 'List')?.items, 'TypeName')) } }
    case 'OBJECT_TRANSFORM':
      return { name: { name: transformName(as(as(object, 'List')?.items?.[0], 'TypeName'), parts.at(-1)) } }
    case 'OBJECT_OPCLASS':
    case 'OBJECT_OPFAMILY':
      return { name: nameOf(parts.slice(1)), method: parts[0] ?? '' }
    case 'OBJECT_OPERATOR':
      return { name: objectName(object), argumentTypes: operandTypes(as(object, 'ObjectWithArgs')) }
    default:
      if (type === undefined || !objectsOnTables.has(type)) return { name: objectName(object), ...argumentsOf(object) }
      return { name: { name: parts.at(-1) ?? '' }, table: nameOf(parts.slice(0, -1)) }
  }
}

/** A cast has no name but its types. */
export function castName(types: readonly (TypeNode | undefined)[]): string {
  return types.map((type) => argumentType(type)).join(' as ')
}

/** A transform has no name but its type and its language. */
export function transformName(type: TypeNode | undefined, language: string | undefined): string {
  return `${argumentType(type)} language ${language ?? ''}`
}

/** A user mapping has no name but its user and its server. */
export function mappingName(user: RoleSpec | undefined, server: string | undefined): string {
  return `${roleName(user)} on ${server ?? ''}`
}

/** `public` for PUBLIC. */
export function roleName(role: RoleSpec | undefined): string {
  return role?.roletype === 'ROLESPEC_PUBLIC' ? 'public' : (role?.rolename ?? 'current_user')
}

/** The arguments that tell a function from its namesakes; the tree marks where none are written. */
export function argumentsOf(object: Node | undefined): Identified {
  const named = as(object, 'ObjectWithArgs')
  if (named === undefined || named.args_unspecified === true) return {}
  return { argumentTypes: allOf(named.objargs, 'TypeName').map(argumentType) }
}

/** Left and right; the tree has an empty node for one that is not there. */
export function operandTypes(node: ObjectWithArgs | undefined): readonly string[] {
  return (node?.objargs ?? []).map((operand) => {
    const type = as(operand, 'TypeName')
    return type === undefined ? 'none' : argumentType(type)
  })
}

/** A type without length and precision: a signature has neither. */
export function argumentType(node: TypeNode | undefined): string {
  return typeOf(node === undefined ? undefined : { ...node, typmods: [] }).sql
}
