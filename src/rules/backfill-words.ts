import type { Name } from '../model/name.ts'

/** An identifier as SQL reads it: bare ones in lower case, quoted ones as they are. */
export function identifierText(written: string): string {
  const quoted = /^"(.*)"$/s.exec(written)?.[1]
  return quoted === undefined ? written.toLowerCase() : quoted.replaceAll('""', '"')
}

/** The table that `table:shop."Books"` names; undefined where that is no name. */
export function namedTable(written: string): Name | undefined {
  const parts = /^(?:("(?:[^"]|"")+"|[^".]+)\.)?("(?:[^"]|"")+"|[^".]+)$/.exec(written)
  const [, schema, name] = parts ?? []
  if (name === undefined) return undefined
  return { ...(schema === undefined ? {} : { schema: identifierText(schema) }), name: identifierText(name) }
}
