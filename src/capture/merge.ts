import { captureSources } from '../model/captured.ts'
import type { CapturedParameter, CapturedStatement, CaptureSource } from '../model/captured.ts'

/** So many samples of a parameter are kept: enough for a check, not a copy of a table. */
const maxValues = 5

/** The same statements sorted, each text with the same types once: calls are summed, samples joined. */
export function mergeStatements(statements: Iterable<CapturedStatement>): readonly CapturedStatement[] {
  const merged = new Map<string, CapturedStatement>()
  for (const statement of statements) {
    const key = keyOf(statement)
    const known = merged.get(key)
    merged.set(key, known === undefined ? statement : joined(known, statement))
  }
  return [...merged].toSorted(([a], [b]) => byCodeUnit(a, b)).map(([, statement]) => statement)
}

function keyOf({ sql, parameters }: CapturedStatement): string {
  return `${sql}\n${JSON.stringify(parameters.map(({ type }) => type))}`
}

function joined(a: CapturedStatement, b: CapturedStatement): CapturedStatement {
  const place = [a.place, b.place].filter((one) => one !== undefined).toSorted(byCodeUnit)[0]
  const repaired = [...new Set([...(a.repaired ?? []), ...(b.repaired ?? [])])].toSorted(byCodeUnit)
  // What one of them has seen as it is was not mended.
  const exact = a.repaired === undefined || b.repaired === undefined
  return {
    sql: a.sql,
    parameters: a.parameters.map((parameter, index) => joinedParameter(parameter, b.parameters[index])),
    calls: a.calls === null ? b.calls : a.calls + (b.calls ?? 0),
    from: moreExact(a.from, b.from),
    ...(place === undefined ? {} : { place }),
    ...(exact ? {} : { repaired }),
  }
}

function joinedParameter({ type, values }: CapturedParameter, other: CapturedParameter | undefined): CapturedParameter {
  const all = [...new Set([...(values ?? []), ...(other?.values ?? [])])].toSorted(nullsLast)
  return values === undefined && other?.values === undefined ? { type } : { type, values: all.slice(0, maxValues) }
}

function moreExact(a: CaptureSource, b: CaptureSource): CaptureSource {
  return captureSources.find((source) => source === a || source === b) ?? a
}

function nullsLast(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return byCodeUnit(a, b)
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
