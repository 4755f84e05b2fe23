import type { CreateFunction } from '../../model/fact.ts'
import type { Catalogue } from './catalogue.ts'
import { noteDependent } from './dependents.ts'
import { sameTypes } from './needs.ts'
import { putSignatures, signaturesOf } from './signatures.ts'
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
