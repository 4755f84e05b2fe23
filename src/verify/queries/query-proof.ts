import type { QueryCounts, QueryProof, QueryState } from '../../model/query-proof.ts'
import { contractsHash } from './contracts.ts'
import type { Piece } from './pieces.ts'
import type { QueriesSeen, SeenQuery } from './watch-queries.ts'

/** What was seen, in numbers and with what is not as it should be. The same was seen, the same comes out. */
export function queryProof(seen: QueriesSeen): QueryProof {
  const { contracts, untouched, watched, states, missingRoles } = seen
  const statements = byCaptured(watched)
  const checkable = statements.filter(({ uncheckable }) => uncheckable === undefined)
  return {
    releases: contracts.map(({ release }) => release).toSorted(),
    hash: contractsHash(contracts),
    captured: statements.length + capturedCount(untouched, watched),
    untouched: capturedCount(untouched, watched),
    checkable: checkable.length,
    missingRoles: missingRoles.toSorted(),
    states: [
      ...(statements.length === 0 ? [] : [baselineCounts(statements, checkable)]),
      ...states.map((state) => countsOf(state, checkable)),
    ],
    broken: checkable.flatMap((one) => brokenOf(one, states)),
    notCovered: statements.flatMap((one) => uncoveredOf(one, states)),
  }
}

interface SeenStatement {
  readonly sql: string
  readonly uncheckable: string | undefined
  readonly parts: readonly SeenQuery[]
}

/** A text of several statements is one that was captured. */
function byCaptured(watched: readonly SeenQuery[]): readonly SeenStatement[] {
  const groups = new Map<string, SeenQuery[]>()
  for (const one of watched) {
    const key = keyOf(one.piece)
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  const statements = [...groups.values()].map((parts) => ({
    sql: parts[0]?.piece.captured.sql ?? '',
    uncheckable: parts.find(({ uncheckable }) => uncheckable !== undefined)?.uncheckable,
    parts,
  }))
  return statements.toSorted((a, b) => (a.sql < b.sql ? -1 : 1))
}

function capturedCount(untouched: readonly Piece[], watched: readonly SeenQuery[]): number {
  const seen = new Set(watched.map(({ piece }) => keyOf(piece)))
  return new Set(untouched.map(keyOf).filter((key) => !seen.has(key))).size
}

function keyOf({ role, searchPath, captured }: Piece): string {
  return JSON.stringify([role, searchPath, captured.sql])
}

/** What does not work before cannot be checked afterwards. */
function baselineCounts(statements: readonly SeenStatement[], checkable: readonly SeenStatement[]): QueryCounts {
  const notCovered = statements.length - checkable.length
  return { state: 'before the upgrade', proven: checkable.length, broken: 0, notCovered }
}

function countsOf(state: QueryState, checkable: readonly SeenStatement[]): QueryCounts {
  const standings = checkable.map((one) => standingIn(one, state))
  const count = (standing: ReturnType<typeof standingIn>): number => standings.filter((one) => one === standing).length
  return { state, proven: count('proven'), broken: count('broken'), notCovered: count('not covered') }
}

function standingIn({ parts }: SeenStatement, state: QueryState): 'proven' | 'broken' | 'not covered' {
  const standings = parts.flatMap(({ findings }) => (findings.get(state) ?? []).map(({ standing }) => standing))
  if (standings.includes('broken')) return 'broken'
  return standings.includes('not covered') ? 'not covered' : 'proven'
}

function brokenOf({ sql, parts }: SeenStatement, states: readonly QueryState[]): QueryProof['broken'] {
  for (const state of states) {
    for (const { findings, step } of parts) {
      const found = findings.get(state)?.find(({ standing }) => standing === 'broken')
      if (found === undefined) continue
      return [{ sql, state, error: found.text, step: (state === 'after the upgrade' ? step : undefined) ?? null }]
    }
  }
  return []
}

function uncoveredOf(statement: SeenStatement, states: readonly QueryState[]): QueryProof['notCovered'] {
  const { sql, uncheckable, parts } = statement
  if (uncheckable !== undefined) return [{ sql, why: uncheckable }]
  if (states.some((state) => standingIn(statement, state) === 'broken')) return []
  const found = states.flatMap((state) => parts.flatMap(({ findings }) => findings.get(state) ?? []))
  const why = found.find(({ standing }) => standing === 'not covered')?.text
  return why === undefined ? [] : [{ sql, why }]
}
