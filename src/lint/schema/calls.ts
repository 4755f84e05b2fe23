import type { Expression } from '../../model/type.ts'
import type { Catalogue } from './catalogue.ts'

/** Calls of the user's functions with the schema in which they are found now: later the search path may lead elsewhere. */
export function resolvedCalls(catalogue: Catalogue, calls: readonly string[]): readonly string[] {
  return calls.map((call) => {
    const known = call.includes('.') ? undefined : catalogue.function({ name: call })
    return known === undefined ? call : `${known.name.schema}.${known.name.name}`
  })
}

/** An expression whose calls are resolved. */
export function resolvedIn<Part extends Pick<Expression, 'functions'> | undefined>(
  catalogue: Catalogue,
  part: Part,
): Part {
  return part === undefined || part.functions.length === 0
    ? part
    : { ...part, functions: resolvedCalls(catalogue, part.functions) }
}
