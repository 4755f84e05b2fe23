import { suggestion } from '../../core/text.ts'
import type { Directive } from '../../sql/directives.ts'
import type { Problems } from './problems.ts'

/** Every directive there is. */
export const directiveNames = [
  'up',
  'down',
  'down-loses',
  'backfill',
  'change',
  'phase',
  'gate',
  'requires',
  'check',
  'allow',
  'allow-file',
] as const
export type DirectiveName = (typeof directiveNames)[number]

/** The name where it is one; undefined, and a problem, where it is misspelt. */
export function knownName({ name }: Directive, problems: Problems): DirectiveName | undefined {
  const found = directiveNames.find((known) => known === name.text)
  if (found === undefined) {
    const written = name.text === '' ? '-- migrate:' : `-- migrate:${name.text}`
    problems.add(
      'directive-unknown',
      name.start,
      `There is no directive "${written}".`,
      name.text === ''
        ? 'The name follows the colon without a space, as in -- migrate:up'
        : suggestion(name.text, directiveNames),
    )
  }
  return found
}
