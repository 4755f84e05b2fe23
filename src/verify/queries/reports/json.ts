import { type QueryReport, isBroken } from '../report.ts'

/** The stable form, version 1; a key that has no value is left out. */
export function queryJson({ entries, server, shadow }: QueryReport): object {
  return { version: 1, server, shadow, broken: entries.filter(isBroken).length, results: entries }
}
