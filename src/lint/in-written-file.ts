import type { Finding } from '../model/finding.ts'
import { writtenFile, writtenSpan } from '../model/written.ts'

/**
 * A finding where people can see it. Of SQL that a program sent, that is the call in the program: nothing there can be
 * replaced by SQL, so there is no rewrite.
 */
export function inWrittenFile(finding: Finding): Finding {
  const { file, span, within } = finding
  if (file.recorded === undefined) return finding
  const { rewrite: _, ...rest } = finding
  return { ...rest, file: writtenFile(file), span: writtenSpan(file, span), within: writtenSpan(file, within) }
}
