import { asBytes } from '../core/own-data.ts'
import type { Store } from '../core/store.ts'
import type { ParsedMigration } from '../model/migration.ts'
import { areKnown, historyKeys, keepFindings, knownFindings } from './known-findings.ts'
import type { LintMigrationResult } from './lint-migration.ts'
import { replayMigration } from './replay.ts'
import { Catalogue } from './schema/catalogue.ts'
import type { FrozenCatalogue } from './schema/catalogue.ts'

const frozen = asBytes<FrozenCatalogue>()

/** What earlier runs found out. */
export interface Known {
  readonly store: Store
  /** Whatever the findings depend on besides the migrations: the program itself, rules and their options, the server. */
  readonly circumstances: string
}

/** A history of which a beginning is known already: its findings, and perhaps the schema that it leaves. */
export class KnownHistory {
  private readonly migrations: readonly ParsedMigration[]
  private readonly isReported: (migration: ParsedMigration) => boolean
  private readonly store: Store
  private readonly keys: readonly string[]

  constructor(
    migrations: readonly ParsedMigration[],
    isReported: (migration: ParsedMigration) => boolean,
    { store, circumstances }: Known,
  ) {
    this.migrations = migrations
    this.isReported = isReported
    this.store = store
    const reported = migrations.map((migration) => (isReported(migration) ? '1' : '0')).join('')
    this.keys = historyKeys(migrations, `${circumstances}\0${reported}`)
  }

  /** How many migrations from the first on need not be judged again. */
  firstUnknown(): number {
    const found = this.migrations.findIndex(
      (migration, index) => this.isReported(migration) && !areKnown(this.store, this.key(index)),
    )
    return found === -1 ? this.migrations.length : found
  }

  /** What is known of those before `first`. */
  results(first: number): LintMigrationResult[] {
    return this.migrations.slice(0, first).flatMap((migration, index) => {
      if (!this.isReported(migration)) return []
      return knownFindings(this.store, this.key(index), migration) ?? []
    })
  }

  /** The schema before a migration: from the last known one on, the migrations are replayed. */
  catalogueBefore(first: number): Catalogue {
    let at = first
    while (at > 0 && !this.store.has(this.catalogueKey(at))) at -= 1
    const kept = at === 0 ? undefined : this.store.get(this.catalogueKey(at))
    const catalogue = kept === undefined ? new Catalogue() : Catalogue.thaw(frozen.unpack(kept))
    for (const migration of this.migrations.slice(kept === undefined ? 0 : at, first)) {
      replayMigration(catalogue, migration)
    }
    // Whoever changes a migration runs this again and again.
    if (at < first) this.keepCatalogue(first, catalogue)
    return catalogue
  }

  keepCatalogue(index: number, catalogue: Catalogue): void {
    if (index > 0) this.store.set(this.catalogueKey(index), frozen.pack(catalogue.freeze()))
  }

  keepResult(index: number, result: LintMigrationResult): void {
    keepFindings(this.store, this.key(index), result)
  }

  private catalogueKey(index: number): string {
    return `schema:${this.key(index - 1)}`
  }

  private key(index: number): string {
    return this.keys[index] ?? ''
  }
}
