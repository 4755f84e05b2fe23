import type { DirectiveWord } from '../../sql/directives.ts'

/** The words behind `because`, as one text; undefined where `because` or a reason is missing. */
export function reasonOf(words: readonly DirectiveWord[]): string | undefined {
  const [because, ...reason] = words
  if (because?.text !== 'because' || reason.length === 0) return undefined
  return reason.map(({ text }) => text).join(' ')
}
