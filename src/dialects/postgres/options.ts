import type { DefElem, Node } from 'libpg-query'
import { allOf, as } from './grammar.ts'

/** The option of that name in a list such as `WITH (…)`. */
export function option(options: readonly Node[] | undefined, name: string): DefElem | undefined {
  return allOf(options, 'DefElem').find(({ defname }) => defname === name)
}

/** Whether a boolean option is on; written without a value it is. The words are those of `defGetBoolean`. */
export function isOn(options: readonly Node[] | undefined, name: string): boolean {
  return option(options, name) !== undefined && !isOff(options, name)
}

/** Whether a boolean option is written and off. */
export function isOff(options: readonly Node[] | undefined, name: string): boolean {
  const value = option(options, name)?.arg
  if (value === undefined) return false
  const word = as(value, 'String')?.sval?.toLowerCase()
  if (word !== undefined) return word === 'false' || word === 'off' || word === '0'
  const flag = as(value, 'Boolean')
  if (flag !== undefined) return flag.boolval !== true
  const number = as(value, 'Integer')
  return number !== undefined && (number.ival ?? 0) === 0
}
