import type { Domain, Schema } from './schema.ts'
import type { Expression, TypeName } from './type.ts'

/** The domain that a column of this type has; undefined for arrays of one, which check and default nothing. */
export function domainOf(type: TypeName, schema: Schema): Domain | undefined {
  if (type.array) return undefined
  return schema.domain(type.schema === undefined ? { name: type.name } : { schema: type.schema, name: type.name })
}

/** Whether the server checks every value that becomes one: the domain, or one below it, has a CHECK or NOT NULL. */
export function isConstrained(domain: Domain | undefined, schema: Schema): boolean {
  if (domain === undefined) return false
  return domain.notNull || domain.constraints.size > 0 || isConstrained(domainOf(domain.type, schema), schema)
}

/** What a new column has where nothing is written: its own default, else that of its domain. */
export function defaultOf(
  column: { readonly type: TypeName; readonly default?: Expression | undefined },
  schema: Schema,
): Expression | undefined {
  return column.default ?? domainOf(column.type, schema)?.default
}
