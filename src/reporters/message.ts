import type { Finding } from '../model/finding.ts'

/** The message with what to write instead below it, for forms that have one text for both. */
export function fullMessage({ message, instead }: Finding): string {
  return instead === undefined ? message : `${message}\n\nInstead:\n${instead.replaceAll('\r\n', '\n').trimEnd()}`
}
