import type { TypeName } from '../../../model/type.ts'

/** A type of the server's own, under its SQL name. */
export function builtInType(name: string): TypeName {
  return { name, modifiers: [], array: false, sql: name }
}
