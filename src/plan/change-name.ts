import { ToolkitError } from '../core/errors.ts'
import type { Fact } from '../model/fact.ts'

/** Longer names make file names and helper objects that are cut somewhere. */
const maxLength = 60

/**
 * The name of the evolution: as given, else from table and column, in letters, digits and hyphens.
 *
 * @throws ToolkitError `command-invalid` when the given name has other characters
 */
export function changeName(given: string | undefined, fact: Fact): string {
  if (given === undefined) return words(partsOf(fact)) || 'change'
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(given) && given.length <= maxLength) return given
  throw new ToolkitError({
    code: 'command-invalid',
    message: `"${given}" is not a name for a change.`,
    hint: `Use at most ${maxLength} lower-case letters, digits and single hyphens, such as "${words([given]) || 'users-email'}".`,
  })
}

function partsOf(fact: Fact): readonly string[] {
  const table = 'table' in fact && fact.table !== undefined ? [fact.table.name] : []
  if (!('column' in fact) || fact.column === undefined) return table.length > 0 ? table : [fact.kind]
  return [...table, typeof fact.column === 'string' ? fact.column : fact.column.name]
}

function words(parts: readonly string[]): string {
  const joined = parts
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
  return joined.slice(0, maxLength).replaceAll(/^-+|-+$/g, '')
}
