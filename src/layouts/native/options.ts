import { suggestion } from '../../core/text.ts'
import type { Directive, DirectiveWord } from '../../sql/directives.ts'
import type { Problems } from '../directives/problems.ts'

/**
 * Words of the form `key:value`. Undefined, and a problem, where one has another form, is written twice or has a key
 * that is not among `known` (where given).
 */
export function readOptions(
  { name }: Directive,
  words: readonly DirectiveWord[],
  problems: Problems,
  known?: readonly string[],
): ReadonlyMap<string, DirectiveWord> | undefined {
  const options = new Map<string, DirectiveWord>()
  for (const word of words) {
    const colon = word.text.indexOf(':')
    const key = word.text.slice(0, colon)
    const value = word.text.slice(colon + 1)
    const refuse = (message: string, hint: string): undefined => {
      problems.add('directive-invalid', word.start, message, hint)
      return undefined
    }
    if (colon < 1 || value === '') {
      const form = known === undefined ? 'option:value' : known.map((option) => `${option}:…`).join(' ')
      return refuse(`"${word.text}" is not an option of ${name.text}.`, `Options are written ${form}`)
    }
    if (known !== undefined && !known.includes(key))
      return refuse(`${name.text} takes no option "${key}".`, suggestion(key, known))
    if (options.has(key)) return refuse(`The option "${key}" is written twice.`, 'Leave one of them out.')
    options.set(key, { text: value, start: word.start + colon + 1, end: word.end })
  }
  return options
}
