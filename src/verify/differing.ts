import type { Difference } from '../model/proof.ts'

/** Bare names of the objects that differ. */
export function touchedByDifferences(differences: readonly Difference[]): ReadonlySet<string> {
  return new Set(differences.map(({ object }) => bareName(object)))
}

/** `index public."Title"` is `Title`, `function shop.answer(integer)` is `answer`. */
export function bareName(object: string): string {
  const last =
    object
      .replace(/\(.*\)$/, '')
      .split(' ')
      .at(-1) ?? ''
  return (/("(?:[^"]|"")*"|[^."]+)$/.exec(last)?.[1] ?? last).replaceAll(/^"|"$/g, '').replaceAll('""', '"')
}
