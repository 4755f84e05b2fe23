import type { Name } from '../../model/name.ts'
import type { FunctionSignature, SchemaFunction, Trigger } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { followCalls } from './follow-calls.ts'
import { followNeeds, sameTypes } from './needs.ts'
import { isCalled } from './who-calls.ts'

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
  kind?: RoutineKind,
): void {
  const meant = functionMeant(catalogue, name, argumentTypes, kind)
  for (const signature of meant?.signatures ?? [])
    removeSignature(catalogue, meant?.name ?? { schema: '', ...name }, signature, cascade)
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

/** The word of a statement: FUNCTION and ROUTINE are one, see `functionMeant`. */
type RoutineKind = 'function' | 'procedure'

/**
 * Functions that a statement means: on the search path those of the first schema that has one with these arguments.
 * Without arguments FUNCTION means no procedure, nor PROCEDURE a function; what ROUTINE means is alone of its name.
 */
export function functionMeant(
  catalogue: Catalogue,
  name: Name,
  argumentTypes: readonly string[] | undefined,
  kind?: RoutineKind,
): Pick<SchemaFunction, 'name' | 'signatures'> | undefined {
  const schemas = name.schema === undefined ? catalogue.searchPath : [name.schema]
  const all = schemas.flatMap((schema) => catalogue.function({ schema, name: name.name }) ?? [])
  if (kind === undefined || argumentTypes !== undefined) return firstWith(all, (one) => has(one, argumentTypes))
  const procedures = firstWith(all, ({ procedure }) => procedure)
  return kind === 'procedure' ? procedures : (firstWith(all, ({ procedure }) => !procedure) ?? procedures)
}

function has(signature: FunctionSignature, argumentTypes: readonly string[] | undefined): boolean {
  return argumentTypes === undefined || sameTypes(signature.argumentTypes, argumentTypes)
}

function firstWith(
  functions: readonly SchemaFunction[],
  isMeant: (signature: FunctionSignature) => boolean,
): Pick<SchemaFunction, 'name' | 'signatures'> | undefined {
  for (const { name, signatures } of functions) {
    const meant = signatures.filter(isMeant)
    if (meant.length > 0) return { name, signatures: meant }
  }
  return undefined
}

/** Gives functions of a name another name or schema; who calls or needs them follows. */
export function moveFunctions(
  catalogue: Catalogue,
  { name, signatures: moved }: Pick<SchemaFunction, 'name' | 'signatures'>,
  to: Required<Name>,
): void {
  const left = signaturesOf(catalogue, name).filter((one) => !moved.includes(one))
  putSignatures(catalogue, name, left)
  putSignatures(catalogue, to, [...signaturesOf(catalogue, to), ...moved])
  for (const { argumentTypes } of moved) {
    followDependent(catalogue, name, argumentTypes, to)
    followNeeds(catalogue, { object: 'function', name, argumentTypes }, to)
    // The function of a trigger has no arguments.
    if (argumentTypes.length === 0) followInTriggers(catalogue, name, to)
  }
  if (left.length === 0) followCalls(catalogue, name, to)
  // Nobody knows here which of them an expression calls.
  else if (isCalled(catalogue, name)) catalogue.complete = false
}

function followDependent(
  catalogue: Catalogue,
  name: Required<Name>,
  argumentTypes: readonly string[],
  to: Required<Name>,
): void {
  for (const dependent of catalogue.dependents()) {
    const { kind, name: own, argumentTypes: types = [] } = dependent
    const isOwn = own.name === name.name && own.schema === name.schema && sameTypes(argumentTypes, types)
    if (kind !== 'function' || !isOwn) continue
    catalogue.removeDependent(dependent)
    catalogue.putDependent({ ...dependent, name: to })
  }
}

function followInTriggers(catalogue: Catalogue, name: Required<Name>, to: Required<Name>): void {
  for (const table of catalogue.tablesCalling(name.name)) {
    const triggers = [...table.triggers].map(([key, trigger]): [string, Trigger] => {
      const { schema = name.schema, name: called } = trigger.function
      return [key, called === name.name && schema === name.schema ? { ...trigger, function: to } : trigger]
    })
    catalogue.updateTable(table, { triggers: new Map(triggers) })
  }
}
