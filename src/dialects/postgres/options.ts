import type { DefElem, Node } from 'libpg-query'
import type { StorageOption } from '../../model/fact.ts'
import { allOf, as } from './grammar.ts'
import { strings } from './names.ts'

/** The option of that name in a list such as `WITH (…)`. */
export function option(options: readonly Node[] | undefined, name: string): DefElem | undefined {
  return allOf(options, 'DefElem').find(({ defname }) => defname === name)
}

/** What an option is set to, in lower case; '' where nothing is written. */
export function optionValue({ arg }: DefElem): string {
  const number = as(arg, 'Integer')
  const flag = as(arg, 'Boolean')
  const type = as(arg, 'TypeName')
  if (number !== undefined) return String(number.ival ?? 0)
  if (flag !== undefined) return String(flag.boolval === true)
  // A bare word is read as the name of a type.
  if (type !== undefined) return strings(type.names).at(-1)?.toLowerCase() ?? ''
  return (as(arg, 'String')?.sval ?? as(arg, 'Float')?.fval ?? '').toLowerCase()
}

/** `WITH (…)` and `SET (…)`: the parameters in order, those of the TOAST table as `toast.name`. */
export function storageOptions(options: readonly Node[] | undefined): readonly StorageOption[] {
  return allOf(options, 'DefElem').map((element) => {
    const name = (element.defname ?? '').toLowerCase()
    const { defnamespace } = element
    return { name: defnamespace === undefined ? name : `${defnamespace}.${name}`, value: optionValue(element) }
  })
}

/** Whether the options of a sequence let it begin beyond its first number. */
export function startsOf(options: readonly Node[] | undefined): { readonly starts?: true } {
  const given = option(options, 'restart') ?? option(options, 'start')
  if (given?.arg === undefined) return {}
  const number = as(given.arg, 'Integer')
  return number !== undefined && (number.ival ?? 0) <= 1 ? {} : { starts: true }
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
