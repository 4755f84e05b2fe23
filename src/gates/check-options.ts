import { parseBytes } from '../core/bytes.ts'
import { messageOf } from '../core/errors.ts'
import { parseDuration } from '../core/time.ts'

/** What is wrong with a duration, or undefined. */
export function checkDuration(value: string): string | undefined {
  try {
    parseDuration(value)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

/** What is wrong with a size, or undefined. */
export function checkSize(value: string): string | undefined {
  try {
    parseBytes(value)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

/** What is wrong with a whole number from 1, or undefined. */
export function checkCount(value: string): string | undefined {
  return /^[1-9]\d{0,5}$/.test(value) ? undefined : `"${value}" is not a whole number from 1.`
}

/** What is wrong with a name, or undefined. */
export function checkName(value: string): string | undefined {
  return value.trim() === '' ? 'The name is empty.' : undefined
}
