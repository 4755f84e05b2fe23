import { createHash } from 'node:crypto'
import type { Store } from '../core/store.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { type BackfillOptions, type Migration, type Section, sectionsOf } from '../model/migration.ts'
import type { ProofKey } from '../model/proof.ts'

/** What proofs depend on besides the migrations themselves: hashes, or null where there is nothing. */
export interface ProofSources {
  readonly seed?: string | null
  /** By migration, for those that captured queries count for. */
  readonly queries?: ReadonlyMap<string, string>
}

/** Whether the keys can be had without the grammar, because `store` knows what each section means. */
export function areKeyed(history: readonly Migration[], store: Store | undefined): boolean {
  return store !== undefined && history.every((one) => sectionsOf(one).every(({ sql }) => store.has(meaningKey(sql))))
}

/**
 * The key of each migration's proof, in the order of the history: the hash over what is before a migration goes on from
 * the one before it. `dialect.load()` must have resolved, unless `areKeyed`.
 */
export function proofKeys(
  history: readonly Migration[],
  dialect: Dialect,
  { seed = null, queries = new Map() }: ProofSources = {},
  store?: Store,
): readonly ProofKey[] {
  let before = sha256('')
  return history.map((migration): ProofKey => {
    const { id, down, downLoses, backfill } = migration
    const up = sectionHash(meaningHash(migration.up, dialect, store), migration.up, backfill)
    const key: ProofKey = {
      id,
      history: before,
      up,
      down: down.kind === 'sql' ? sectionHash(meaningHash(down.section, dialect, store), down.section) : null,
      losses: downLoses,
      irreversible: down.kind === 'none' ? down.reason : null,
      seed,
      queries: queries.get(id) ?? null,
    }
    before = sha256(`${before}\n${up}`)
    return key
  })
}

/** The same statements in another transaction, or in batches, are not the same section. */
function sectionHash(meaning: string, { transaction, implicit }: Section, backfill?: BackfillOptions): string {
  const batches = backfill === undefined ? null : [backfill.table, backfill.key, backfill.batch ?? null]
  return sha256(JSON.stringify([meaning, transaction, implicit ?? false, batches]))
}

function meaningHash({ sql }: Section, dialect: Dialect, store: Store | undefined): string {
  const key = meaningKey(sql)
  const known = store?.get(key)?.toString('utf8')
  if (known !== undefined) return known
  const found = sha256(dialect.meaning(sql))
  store?.set(key, found)
  return found
}

function meaningKey(sql: string): string {
  return `meaning:${createHash('sha256').update(sql).digest('base64url')}`
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
