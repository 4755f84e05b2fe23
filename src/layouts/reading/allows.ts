import type { Allow, SourceFile } from '../../model/migration.ts'
import { writtenSpan } from '../../model/written.ts'
import { findDirectives } from '../../sql/directives.ts'
import { readAllow } from '../directives/allow.ts'
import { knownName } from '../directives/names.ts'
import type { Problems } from '../directives/problems.ts'

/**
 * The `allow` and `allow-file` of a file that is not of the native layout. Any other directive would be obeyed by
 * nobody; `kind`: what the file is called in the message.
 */
export function readAllows(
  file: SourceFile,
  knownRules: readonly string[],
  problems: Problems,
  kind: string,
): readonly Allow[] {
  const allows: Allow[] = []
  for (const directive of findDirectives(file.text)) {
    const name = knownName(directive, problems)
    if (name === undefined) continue
    if (name === 'allow' || name === 'allow-file') {
      const allow = readAllow(directive, knownRules, problems)
      if (allow !== undefined) allows.push(allow)
    } else
      problems.add(
        'directive-invalid',
        directive.span.start,
        `${name} means nothing in a ${kind}.`,
        'Read the files with --layout native, or leave the directive out.',
      )
  }
  return file.recorded === undefined ? allows : allows.map((allow) => repeated(file, allow, allows))
}

/** A comment of a program that stands above a call that sends several statements counts for all of them. */
function repeated(file: SourceFile, allow: Allow, all: readonly Allow[]): Allow {
  const { start } = writtenSpan(file, allow.span)
  const isRepeated = all.some((other) => other !== allow && writtenSpan(file, other.span).start === start)
  return isRepeated ? { ...allow, shared: true } : allow
}
