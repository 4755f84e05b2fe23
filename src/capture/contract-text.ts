import { captureSources } from '../model/captured.ts'
import type { CapturedStatement, ReleaseContract } from '../model/captured.ts'
import { mergeStatements } from './merge.ts'

/** The first line of every file of captured statements says this. */
export const contractMark = { lockstep: 'queries', version: 1 } as const

/** A contract as its file holds it: a header, then a statement a line. The same contract gives the same bytes. */
export function contractText({ release, migration, role, searchPath, statements }: ReleaseContract): string {
  const merged = mergeStatements(statements)
  const source = captureSources.filter((one) => merged.some(({ from }) => from === one))
  const header = { ...contractMark, release, migration, role, searchPath, source }
  return [header, ...merged.map(inOrder)].map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** The fields in the order of the format, whoever made the statement. */
function inOrder({ sql, parameters, calls, from, place, repaired }: CapturedStatement): object {
  return {
    sql,
    parameters: parameters.map(({ type, values }) => ({ type, ...(values === undefined ? {} : { values }) })),
    calls,
    from,
    ...(place === undefined ? {} : { place }),
    ...(repaired === undefined ? {} : { repaired }),
  }
}
