import type { Span } from '../core/span.ts'
import type { Effect, Hazard } from '../model/effect.ts'
import type { Fact, FactKind, FactOf } from '../model/fact.ts'
import type { FindingFix, Severity } from '../model/finding.ts'
import type { Direction, ParsedMigration, Phase } from '../model/migration.ts'
import type { Name } from '../model/name.ts'
import type { Column, Schema, SchemaPart, Table } from '../model/schema.ts'
import type { TableSize } from '../model/snapshot.ts'
import type { Statement } from '../model/statement.ts'
import type { Conversion, TypeName } from '../model/type.ts'

/**
 * Which rules are asked. `recommended`: what endangers a release or the data, asked unless the configuration says
 * otherwise; `strict`: what is dangerous only sometimes, for those who want to hear of it; `style`: taste and habits,
 * nothing at stake today.
 */
export type Preset = 'recommended' | 'strict' | 'style'

/** A value of a rule that the configuration may change: `"wide-index": ["warning", { "columns": 5 }]`. */
export interface RuleOption {
  readonly default: number | string | boolean
  /** One sentence, with the unit. */
  readonly summary: string
}

export type RuleOptions = Readonly<Record<string, RuleOption>>

/** The values in force: those of the configuration, else the defaults. */
export type OptionValues<O extends RuleOptions = RuleOptions> = { readonly [N in keyof O]: Widened<O[N]['default']> }

type Widened<T> = T extends number ? number : T extends string ? string : T extends boolean ? boolean : never

/** Identity, words and examples of one hazard. */
interface RuleWords {
  /** Kebab case; the file is named after it. */
  readonly id: string
  /** One sentence: what is dangerous, and for whom. */
  readonly summary: string
  readonly severity: Severity
  /** `recommended` when absent. */
  readonly preset?: Preset
  /** Which sections it is shown: `up` for what only matters on the way forward. Both when absent. */
  readonly direction?: 'up' | 'down'
  readonly hazards: readonly Hazard[]
  /** What other tools call it: `squawk:require-concurrent-index-creation`. */
  readonly sources: readonly string[]
  /** What happens inside the database, in two or three sentences. */
  readonly why: string
  readonly examples: readonly RuleExample[]
  /** Address of its page. Absent: `docs/rules/<id>.md` of this package; false: there is none. */
  readonly docs?: string | false
}

/** Identity, words, examples and check of one hazard, in one file. */
export interface Rule extends RuleWords {
  /** The kinds of facts that `check` is given. */
  readonly looksAt: readonly FactKind[]
  readonly options?: RuleOptions
  check(fact: Fact, context: RuleContext, options: OptionValues): Iterable<RuleFinding>
}

/** A rule whose `check` knows that it is given only the kinds of facts that `looksAt` names. */
export interface RuleFor<K extends FactKind, O extends RuleOptions> extends RuleWords {
  readonly looksAt: readonly K[]
  readonly options?: O
  check(fact: FactOf<K>, context: RuleContext, options: OptionValues<O>): Iterable<RuleFinding>
}

/**
 * Linted, executed on real servers, measured against the claimed effects, and printed on the rule's page.
 * `bad` must report the rule; `good` must report nothing from any rule.
 */
export interface RuleExample {
  /** Earlier migrations, already applied: one string is one migration. */
  readonly given: string | readonly string[]
  readonly bad: string | readonly string[]
  /** One migration, or several that are released one after the other. Absent where there is no harmless way. */
  readonly good?: string | readonly string[]
  /** False where the migrations are not wrapped in a transaction (`CREATE INDEX CONCURRENTLY`); true when absent. */
  readonly transaction?: boolean
  /** Major versions on which the SQL exists and means what the example is about: `{ from: 18 }`. All when absent. */
  readonly versions?: { readonly from?: number; readonly to?: number }
  /** The judged migrations are new in one release. Absent: each comes in a release of its own. */
  readonly oneRelease?: true
  /** For files of another runner, of which only this is known: the settings that it sets itself. Absent: ours. */
  readonly runnerSets?: readonly string[]
  /** SQLSTATE that the server answers `bad` with, for rules about statements that fail. */
  readonly fails?: string
}

/** No finding, for rules that are asked often and seldom have one: a list that is there takes less than a generator. */
export const nothing: readonly RuleFinding[] = []

export interface RuleFinding {
  /** The place to underline. */
  readonly at: Span
  /** A function is called when the whole section was looked at, for what only the rest of the transaction tells. */
  readonly message: string | (() => string)
  readonly instead?: string
  readonly rewrite?: string
  readonly fix?: FindingFix
  /** Another severity than the rule's own, where less or more is at stake. */
  readonly severity?: Severity
}

/** What a rule may ask. All of it is the state just before the statement. */
export interface RuleContext {
  readonly schema: Schema
  readonly statement: Statement
  readonly migration: ParsedMigration
  /** Which section of the migration is judged. A down is judged against the schema after its own up. */
  readonly direction: Direction
  /** All statements of the section. */
  readonly statements: readonly Statement[]
  readonly history: HistoryContext
  /** The phase that is declared or derived. */
  readonly phase: Phase
  /** Major version of the server. */
  readonly target: number
  /** Facts of this statement, in order. */
  readonly facts: readonly Fact[]
  /** Facts of later statements of this section. */
  readonly later: readonly Fact[]
  readonly transaction: TransactionContext
  /** What the section itself has set; settings of the role, the database or the runner are not in it. */
  readonly settings: SettingsContext
  /** What earlier statements of this section did to such tables, also in transactions that have ended. */
  readonly earlierEffects: readonly Effect[]
  /** What this fact does to tables that other sessions can see; tables that are new here are left out. */
  readonly effects: readonly Effect[]
  /** The relation was created by this migration: no other session uses it, and it is empty or just filled. */
  isNew(name: Name): boolean
  table(name: Name): Table | undefined
  column(table: Name, column: string): Column | undefined
  /** What a DROP takes along by CASCADE, as far as the history shows; what it names itself is among it. */
  goesWith(drop: Fact): readonly SchemaPart[]
  /** How large a table is, where a live database or a snapshot says so. Undefined: not known, so it may be of any size. */
  size(table: Name): TableSize | undefined
  /** Whether a statement holds a string of exactly this text. */
  holdsString(statement: Statement, text: string): boolean
  typeChange(from: TypeName, to: TypeName, using: Conversion | undefined): 'no-rewrite' | 'rewrite' | 'unknown'
}

/** The migrations around the one that is judged. */
export interface HistoryContext {
  /** Contracts before it that stand behind gates: they may not be applied when it is. */
  readonly waiting: readonly ParsedMigration[]
  /** What the files of an evolution say of themselves, those after this one too. What their SQL does is not for it. */
  ofChange(change: string): { readonly before: readonly MigrationHead[]; readonly after: readonly MigrationHead[] }
  /**
   * Earlier files of an evolution that come in one release with the one that is judged, because they are as new on the
   * branch or as pending in the database. Empty where nothing is known of that.
   */
  releasedWith(change: string): readonly MigrationHead[]
  /** What upgrades before this one did to tables of this name, whatever their schema, oldest first. */
  earlierOnTable(name: string): readonly EarlierFact[]
  /**
   * What upgrades after this one, in the files as they lie there, do to tables of this name, whatever their schema. Those
   * of files that do not name all of `words` may be left out.
   */
  laterOnTable(name: string, words?: readonly string[]): readonly TableFact[]
}

/** A fact about one table. */
export type TableFact = Fact & { readonly table: Name }

export interface EarlierFact {
  readonly fact: TableFact
  readonly migration: ParsedMigration
  readonly migrationsAgo: number
}

export interface MigrationHead {
  readonly id: string
  readonly name: string
  readonly change?: string
  readonly declaredPhase?: Phase
  /** It is a backfill that is cut into batches. */
  readonly moves: boolean
}

/** The transaction that the statement runs in. */
export interface TransactionContext {
  /** Whether there is one: the runner's, or the file's own BEGIN. */
  readonly open: boolean
  /** Facts of earlier statements of the same transaction. Empty outside a transaction. */
  readonly earlier: readonly Fact[]
  /**
   * Locks that it holds already on tables that other sessions can see, strongest one a table, in the order in which
   * they were taken. Asked when the whole section was looked at: all that it takes.
   */
  readonly locks: readonly HeldLock[]
}

export interface HeldLock extends Effect {
  /** The statement that took it; of several on one table the first that makes writes wait. */
  readonly since: Span
}

/** The settings of the session: `lock_timeout`, `statement_timeout`, `search_path`, `role`, … */
export interface SettingsContext {
  /** In lower case. Undefined: no statement of this section has set it, or a rollback took that back. */
  get(setting: string): SettingInForce | undefined
  /** What was set last in this section, though its transaction may have ended or been rolled back. */
  last(setting: string): SettingInForce | undefined
}

export interface SettingInForce {
  readonly setting: string
  /** Undefined after RESET and SET … TO DEFAULT: what the role, the database or the server says. */
  readonly value: string | undefined
  /** Of a timeout; 0: switched off. Undefined where the value is no duration or not known. */
  readonly milliseconds: number | undefined
  /** The value is known only when it runs. */
  readonly computed: boolean
  /** It ends with the transaction. */
  readonly local: boolean
  /** The statement that set it. */
  readonly span: Span
}

/** Gives `check` the type of what `looksAt` names. */
export function defineRule<const K extends FactKind, const O extends RuleOptions = {}>(rule: RuleFor<K, O>): Rule {
  return rule
}
