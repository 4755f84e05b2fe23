import type { Name } from '../../model/name.ts'
import type { FunctionSignature, SchemaFunction } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { sameTypes } from './needs.ts'

/** All of a name. */
export function signaturesOf(catalogue: Catalogue, name: Required<Name>): readonly FunctionSignature[] {
  return catalogue.function(name)?.signatures ?? []
}

export function putSignatures(
  catalogue: Catalogue,
  name: Required<Name>,
  signatures: readonly FunctionSignature[],
): void {
  const [first] = signatures
  if (first === undefined) return catalogue.removeFunction(name)
  const same = signatures.every(({ volatility }) => volatility === first.volatility)
  catalogue.putFunction({ name, volatility: same ? first.volatility : 'volatile', signatures })
}

/** Of several functions of one name the one with these arguments; all where the arguments are not given. */
export function dropFunction(
  catalogue: Catalogue,
  name: Name,
  argumentTypes: readonly string[] | undefined,
  cascade: boolean,
  kind: 'procedure' | 'routine' = 'routine',
): void {
  const known = functionMeant(catalogue, name, argumentTypes)
  if (known === undefined) return
  const isMeant = (signature: FunctionSignature): boolean =>
    (kind === 'routine' || signature.procedure) &&
    (argumentTypes === undefined || sameTypes(signature.argumentTypes, argumentTypes))
  for (const signature of known.signatures.filter(isMeant)) removeSignature(catalogue, known.name, signature, cascade)
}

function removeSignature(
  catalogue: Catalogue,
  name: Required<Name>,
  signature: FunctionSignature,
  cascade: boolean,
): void {
  const left = signaturesOf(catalogue, name).filter((other) => other !== signature)
  putSignatures(catalogue, name, left)
  const { argumentTypes } = signature
  catalogue.removeDependent({ kind: 'function', name, table: undefined, argumentTypes })
  catalogue.noteGone({ object: 'function', name, argumentTypes }, cascade)
}

/** Removes the functions that `goes` says go, as CASCADE does. */
export function removeSignatures(
  catalogue: Catalogue,
  goes: (signature: FunctionSignature, name: Required<Name>) => boolean,
): void {
  for (const { name, signatures } of catalogue.functions()) {
    for (const signature of signatures) if (goes(signature, name)) removeSignature(catalogue, name, signature, true)
  }
}

/** Functions of a name: on the search path the first schema that has one with these arguments. */
export function functionMeant(
  catalogue: Catalogue,
  name: Name,
  argumentTypes: readonly string[] | undefined,
): SchemaFunction | undefined {
  const schemas = name.schema === undefined ? catalogue.searchPath : [name.schema]
  for (const schema of schemas) {
    const found = catalogue.function({ schema, name: name.name })
    if (found !== undefined && hasSignature(found, argumentTypes)) return found
  }
  return undefined
}

/** Whether one of a name has these arguments; without any given, whether there is one. */
function hasSignature({ signatures }: SchemaFunction, argumentTypes: readonly string[] | undefined): boolean {
  return argumentTypes === undefined || signatures.some((one) => sameTypes(one.argumentTypes, argumentTypes))
}

/** Moves one function of a name, or all where no arguments are given. */
export function moveFunctions(
  catalogue: Catalogue,
  { name, signatures }: SchemaFunction,
  to: Required<Name>,
  argumentTypes?: readonly string[],
): void {
  const isMoved = (signature: FunctionSignature): boolean =>
    argumentTypes === undefined || sameTypes(signature.argumentTypes, argumentTypes)
  const moved = signatures.filter(isMoved)
  putSignatures(
    catalogue,
    name,
    signatures.filter((signature) => !isMoved(signature)),
  )
  putSignatures(catalogue, to, [...signaturesOf(catalogue, to), ...moved])
  for (const dependent of catalogue.dependents()) {
    const { kind, name: own, argumentTypes: types = [] } = dependent
    const isMovedOne = moved.some((one) => sameTypes(one.argumentTypes, types))
    if (kind !== 'function' || own.name !== name.name || own.schema !== name.schema || !isMovedOne) continue
    catalogue.removeDependent(dependent)
    catalogue.putDependent({ ...dependent, name: to })
  }
}
