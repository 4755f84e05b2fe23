import type { Effect } from '../model/effect.ts'
import { type LockMode, lockModes, strongerLock } from '../model/lock.ts'
import type { RelationLock, StatementLocks } from '../model/statement-locks.ts'

/** Where a server was seen to do something else than lint says. That is a defect of the tool, not of the migration. */
export interface Contradiction {
  /** 1-based number of the statement in its section. */
  readonly statement: number
  readonly relation: string
  /** `lint says SHARE, the server took ACCESS EXCLUSIVE`. */
  readonly text: string
}

/** Weaker locks are taken by every read and write, also behind the scenes; lint makes no claims about them. */
const weakestClaimed: LockMode = 'SHARE UPDATE EXCLUSIVE'

/**
 * Compares what lint claims of each statement with what was measured. Pure. A relation that an earlier statement of the
 * transaction has locked already is not among the measured ones, and nothing is said of it.
 */
export function contradictions(
  measured: readonly StatementLocks[],
  claims: readonly (readonly Effect[])[],
): readonly Contradiction[] {
  return measured.flatMap(({ statement, relations }) =>
    relations.flatMap((relation) => {
      const text = contradictionOf(relation, claims[statement - 1] ?? [])
      return text === undefined ? [] : [{ statement, relation: relation.relation, text }]
    }),
  )
}

function contradictionOf(relation: RelationLock, effects: readonly Effect[]): string | undefined {
  const { kind, lock, rewritten } = relation
  if (kind !== 'table' || lock === 'not observed') return undefined
  const about = effects.filter(({ table }) => isNamed(relation, table))
  const claimed = about.map((effect) => effect.lock).reduce<LockMode | undefined>(stronger, undefined)
  if (isStronger(lock, claimed ?? weakestUnclaimed))
    return `lint says ${claimed ?? 'no lock that holds anybody up'}, the server took ${lock}`
  if (claimed !== undefined && isStronger(claimed, lock) && isStronger(claimed, weakestUnclaimed))
    return `lint says ${claimed}, the server took ${lock}`
  const rewrites = about.some((effect) => effect.rewrites)
  if (rewritten && !rewrites) return 'lint says that the table is not written anew, the server did so'
  return undefined
}

const weakestUnclaimed: LockMode = lockModes[lockModes.indexOf(weakestClaimed) - 1] ?? 'ACCESS SHARE'

function stronger(a: LockMode | undefined, b: LockMode): LockMode {
  return a === undefined ? b : strongerLock(a, b)
}

function isStronger(a: LockMode, b: LockMode): boolean {
  return lockModes.indexOf(a) > lockModes.indexOf(b)
}

/** A name without a schema is found on the search path, so any schema may be meant. */
function isNamed({ relation }: RelationLock, { schema, name }: Effect['table']): boolean {
  const [own = '', inSchema] = splitName(relation)
  return own === name && (schema === undefined || schema === inSchema)
}

/** `public."Books"` as `['Books', 'public']`. */
function splitName(qualified: string): readonly [string, string] {
  const parts = [...qualified.matchAll(/"((?:[^"]|"")+)"|([^".]+)/g)].map(
    ([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare,
  )
  return [parts.at(-1) ?? '', parts.at(-2) ?? '']
}
