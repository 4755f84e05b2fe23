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

/** Compares what lint claims of each statement with what was measured. Pure. */
export function contradictions(
  measured: readonly StatementLocks[],
  claims: readonly (readonly Effect[])[],
): readonly Contradiction[] {
  const held = new Map<string, LockMode>()
  return measured.flatMap(({ statement, relations }) =>
    relations.flatMap((relation) => {
      const text = contradictionOf(relation, claims[statement - 1] ?? [], held.get(relation.relation))
      if (relation.lock !== 'not observed') held.set(relation.relation, relation.lock)
      return text === undefined ? [] : [{ statement, relation: relation.relation, text }]
    }),
  )
}

/** `held`: what an earlier statement has taken; of this one only a stronger lock can be seen. */
function contradictionOf(
  { kind, relation, lock, rewritten }: RelationLock,
  effects: readonly Effect[],
  held: LockMode | undefined,
): string | undefined {
  if (kind !== 'table' || lock === 'not observed') return undefined
  const about = effects.filter(({ table }) => isNamed(relation, table))
  const claimed = about.map((effect) => effect.lock).reduce<LockMode | undefined>(stronger, undefined)
  const taken = lock === held ? undefined : lock
  if (taken !== undefined && isStronger(taken, claimed ?? weakestUnclaimed))
    return `lint says ${claimed ?? 'no lock that holds anybody up'}, the server took ${taken}`
  if (claimed !== undefined && isStronger(claimed, lock) && isStronger(claimed, weakestUnclaimed))
    return `lint says ${claimed}, the server took ${lock}`
  if (rewritten && !about.some((effect) => effect.rewrites))
    return 'lint says that the table is not written anew, the server did so'
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
function isNamed(relation: string, { schema, name }: Effect['table']): boolean {
  const [own, inSchema] = splitName(relation)
  return own === name && (schema === undefined || schema === inSchema)
}

/** `public."Books"` as `['Books', 'public']`. */
function splitName(qualified: string): readonly [string, string] {
  const parts = [...qualified.matchAll(/"((?:[^"]|"")+)"|([^".]+)/g)].map(
    ([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare,
  )
  return [parts.at(-1) ?? '', parts.at(-2) ?? '']
}
