import type { Expression } from '../../model/type.ts'
import type { Catalogue } from './catalogue.ts'

/** Calls of the user's functions with the schema in which they are found now: later the search path may lead elsewhere. */
export function resolvedCalls(catalogue: Catalogue, calls: readonly string[]): readonly string[] {
  return calls.map((call) => {
    const known = call.includes('.') ? undefined : catalogue.function({ name: call })
    return known === undefined ? call : `${known.name.schema}.${known.name.name}`
  })
}

/** An expression whose calls, and the relations that it names, are resolved. */
export function resolvedIn<Part extends Pick<Expression, 'functions' | 'relations'> | undefined>(
  catalogue: Catalogue,
  part: Part,
): Part {
  if (part === undefined || (part.functions.length === 0 && part.relations === undefined)) return part
  const { relations } = part
  return {
    ...part,
    functions: resolvedCalls(catalogue, part.functions),
    ...(relations === undefined ? {} : { relations: relations.map((name) => catalogue.resolve(name, 'relation')) }),
  }
}
