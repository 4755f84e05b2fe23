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
): void {
  const function_ = catalogue.resolve(name, 'function')
  const known = signaturesOf(catalogue, function_)
  const isMeant = (signature: FunctionSignature): boolean =>
    argumentTypes === undefined || known.length < 2 || sameTypes(signature.argumentTypes, argumentTypes)
  for (const signature of known.filter(isMeant)) removeSignature(catalogue, function_, signature, cascade)
}

function removeSignature(
  catalogue: Catalogue,
  name: Required<Name>,
  signature: FunctionSignature,
  cascade: boolean,
): void {
  const left = signaturesOf(catalogue, name).filter((other) => other !== signature)
  putSignatures(catalogue, name, left)
  if (left.length === 0) catalogue.removeDependent({ kind: 'function', name, table: undefined })
  const { argumentTypes } = signature
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

/** Moves one function of a name, or all where no arguments are given. */
export function moveFunctions(
  catalogue: Catalogue,
  { name, signatures }: SchemaFunction,
  to: Required<Name>,
  argumentTypes?: readonly string[],
): void {
  const isMoved = (signature: FunctionSignature): boolean =>
    argumentTypes === undefined || signatures.length < 2 || sameTypes(signature.argumentTypes, argumentTypes)
  const moved = signatures.filter(isMoved)
  putSignatures(
    catalogue,
    name,
    signatures.filter((signature) => !isMoved(signature)),
  )
  putSignatures(catalogue, to, [...signaturesOf(catalogue, to), ...moved])
}
