import type { Finding } from '../model/finding.ts'
import { sizeText } from './sizes.ts'

/** The message with what to write instead below it, for forms that have one text for both. */
export function fullMessage(finding: Finding): string {
  const { instead } = finding
  const message = sizedMessage(finding)
  return instead === undefined ? message : `${message}\n\nInstead:\n${instead.replaceAll('\r\n', '\n').trimEnd()}`
}

/** The message with the sizes of tables behind it, for forms that have no place of their own for them. */
export function sizedMessage(finding: Finding): string {
  const sizes = sizeText(finding)
  return sizes === '' ? finding.message : `${finding.message} (${sizes})`
}
