import type { Finding } from './finding.ts'

/** SQL to put in the place of `within`: its own semicolon is left out where the file has one there already. */
export function replacementOf({ rewrite, file, within }: Finding): string | undefined {
  if (rewrite === undefined) return undefined
  return /^\s*;/.test(file.text.slice(within.end)) ? rewrite.replace(/;\s*$/, '') : rewrite
}
