import type { AlterFunction, CreateFunction } from '../../model/fact.ts'
import type { Catalogue } from './catalogue.ts'
import { noteDependent } from './dependents.ts'
import { sameTypes } from './needs.ts'
import { functionMeant, putSignatures, signaturesOf } from './signatures.ts'
import { createdName } from './views.ts'

export function createFunction(catalogue: Catalogue, fact: CreateFunction): void {
  const name = createdName(catalogue, fact.function, false)
  const { argumentTypes, argumentNames, defaults, variadic, returns, volatility, language, procedure, words } = fact
  const types = fact.types.map((type) => catalogue.resolve(type, 'type'))
  const others = signaturesOf(catalogue, name).filter((other) => !sameTypes(other.argumentTypes, argumentTypes))
  const own = {
    argumentTypes,
    argumentNames,
    defaults,
    variadic,
    returns,
    volatility,
    language,
    procedure,
    types,
    words,
  }
  putSignatures(catalogue, name, [...others, own])
  noteDependent(catalogue, { kind: 'function', name, table: undefined, argumentTypes }, fact)
}

/** Of what an ALTER FUNCTION can change only VOLATILE, STABLE and IMMUTABLE are known here. */
export function alterFunction(
  catalogue: Catalogue,
  { function: name, argumentTypes, volatility }: AlterFunction,
): void {
  const known = functionMeant(catalogue, name, argumentTypes, 'function')
  if (known === undefined || volatility === undefined) return
  putSignatures(
    catalogue,
    known.name,
    signaturesOf(catalogue, known.name).map((signature) =>
      known.signatures.includes(signature) ? { ...signature, volatility } : signature,
    ),
  )
}
