import { sha256 } from '../core/hash.ts'
import { asJson } from '../core/own-data.ts'
import type { Store } from '../core/store.ts'
import type { ParsedMigration } from '../model/migration.ts'
import { ByTable } from './by-table.ts'
import type { History, Question } from './history.ts'
import { headOf, tableFacts } from './history.ts'
import { historyKeys, keepFindings, knownFindings } from './known-findings.ts'
import type { LintMigrationResult } from './lint-migration.ts'
import type { HistoryStart } from './replay.ts'
import { replayMigration } from './replay.ts'
import { Catalogue } from './schema/catalogue.ts'

/** What earlier runs found out. */
export interface Known {
  readonly store: Store
  /** Whatever the findings depend on besides the migrations: the program itself, rules and their options, the server. */
  readonly circumstances: string
}

/** What was found in one migration, and what was asked for it. */
export interface FoundResult {
  readonly index: number
  readonly result: LintMigrationResult
  readonly asked: ReadonlySet<Question>
}

/** What lies around a history that is known in part. */
interface Around {
  readonly start: HistoryStart
  readonly history: History
}

/** A history of which a beginning is known already: its findings, and perhaps the schema that it leaves. */
export class KnownHistory {
  private readonly migrations: readonly ParsedMigration[]
  private readonly store: Store
  private readonly keys: readonly string[]
  private readonly start: HistoryStart
  private readonly history: History
  private readonly naming: ByTable<Naming>

  constructor(migrations: readonly ParsedMigration[], { store, circumstances }: Known, around: Around) {
    this.migrations = migrations
    this.store = store
    const { start } = around
    this.start = start
    this.history = around.history
    this.naming = namingOf(migrations, store)
    // Of what comes later, a rule may only know what files of an evolution say of themselves.
    const heads = JSON.stringify(migrations.flatMap((one) => (one.change === undefined ? [] : headOf(one))))
    this.keys = historyKeys(migrations, [circumstances, start.key, heads].join('\0'))
  }

  /** What was found in a migration; undefined where it has to be judged. */
  resultOf(index: number, migration: ParsedMigration): LintMigrationResult | undefined {
    return knownFindings(this.store, this.key(index), migration, (question) => this.answerTo(question, index))
  }

  /** The schema before a migration: from the last known one on, the migrations are replayed. */
  catalogueBefore(first: number): Catalogue {
    let at = first
    while (at > 0 && !this.store.has(this.catalogueKey(at))) at -= 1
    const kept = at === 0 ? undefined : this.store.get(this.catalogueKey(at))
    const catalogue = kept === undefined ? this.start.catalogue() : Catalogue.unpack(kept)
    for (const migration of this.migrations.slice(kept === undefined ? 0 : at, first)) {
      if (this.start.replays(migration)) replayMigration(catalogue, migration)
    }
    // Whoever changes a migration runs this again and again.
    if (at < first) this.keepCatalogue(first, catalogue)
    return catalogue
  }

  keepCatalogue(index: number, catalogue: Catalogue): void {
    const key = this.catalogueKey(index)
    if (index > 0 && !this.store.has(key)) this.store.set(key, catalogue.pack())
  }

  /** Keeps what was found. When all is judged, as an answer may need all later files to be read. */
  keepResults(results: readonly FoundResult[]): void {
    for (const { index, result, asked } of results) {
      const answers = [...asked].map((question) => [question, this.answerTo(question, index)] as const)
      keepFindings(this.store, this.key(index), result, answers)
    }
  }

  private answerTo(question: Question, index: number): string {
    const [kind, name] = [question.slice(0, question.indexOf(':')), question.slice(question.indexOf(':') + 1)]
    if (kind === 'table') return this.laterState(name, index)
    return JSON.stringify(this.history.releasedWith(name, index).map(({ id }) => id))
  }

  /** Which migrations after `index` name the table: their texts, as one hash. */
  private laterState(table: string, index: number): string {
    return this.naming.firstAfter(table, index)?.state ?? ''
  }

  private catalogueKey(index: number): string {
    return `schema:${this.key(index - 1)}`
  }

  private key(index: number): string {
    return this.keys[index] ?? ''
  }
}

/** A migration that names a table. */
interface Naming {
  readonly index: number
  /** The texts of its upgrade and of all later ones that name the table, as one hash. */
  readonly state: string
}

const names = asJson<readonly string[]>()

function namingOf(migrations: readonly ParsedMigration[], store: Store): ByTable<Naming> {
  const states = new Map<string, string>()
  return new ByTable(migrations.length, (index, add) => {
    const migration = migrations[index]
    if (migration === undefined) return
    const text = sha256(migration.up.sql, 'base64url')
    for (const table of namedTables(migration, text, store)) {
      const state = sha256(text + (states.get(table) ?? ''), 'base64url')
      states.set(table, state)
      add(table, { index, state })
    }
  })
}

/** Kept as well, so that a known migration need not be unpacked. */
function namedTables(migration: ParsedMigration, text: string, store: Store): readonly string[] {
  const key = `tables:${text}`
  const known = store.get(key)
  if (known !== undefined) return names.unpack(known)
  const found = [...new Set(tableFacts(migration).map(({ table }) => table.name))]
  store.set(key, names.pack(found))
  return found
}
