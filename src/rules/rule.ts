import type { Span } from '../core/span.ts'
import type { Effect, Hazard } from '../model/effect.ts'
import type { Fact, FactKind, FactOf } from '../model/fact.ts'
import type { Severity } from '../model/finding.ts'
import type { ParsedMigration, Phase } from '../model/migration.ts'
import type { Name } from '../model/name.ts'
import type { Column, Schema, Table } from '../model/schema.ts'
import type { Statement } from '../model/statement.ts'
import type { Conversion, TypeName } from '../model/type.ts'

/** Identity, words and examples of one hazard. */
interface RuleWords {
  /** Kebab case; the file is named after it. */
  readonly id: string
  /** One sentence: what is dangerous, and for whom. */
  readonly summary: string
  readonly severity: Severity
  readonly hazards: readonly Hazard[]
  /** What other tools call it: `squawk:require-concurrent-index-creation`. */
  readonly sources: readonly string[]
  /** What happens inside the database, in two or three sentences. */
  readonly why: string
  readonly examples: readonly RuleExample[]
}

/** Identity, words, examples and check of one hazard, in one file. */
export interface Rule extends RuleWords {
  /** The kinds of facts that `check` is given. */
  readonly looksAt: readonly FactKind[]
  check(fact: Fact, context: RuleContext): Iterable<RuleFinding>
}

/** A rule whose `check` knows that it is given only the kinds of facts that `looksAt` names. */
export interface RuleFor<K extends FactKind> extends RuleWords {
  readonly looksAt: readonly K[]
  check(fact: FactOf<K>, context: RuleContext): Iterable<RuleFinding>
}

/**
 * Linted, executed on real servers, measured against the claimed effects, and printed on the rule's page.
 * `bad` must report the rule; `good` must report nothing from any rule.
 */
export interface RuleExample {
  /** Earlier migrations, already applied: one string is one migration. */
  readonly given: string | readonly string[]
  readonly bad: string
  /** One migration, or several that are released one after the other. Absent where there is no harmless way. */
  readonly good?: string | readonly string[]
  /** False where the migrations are not wrapped in a transaction (`CREATE INDEX CONCURRENTLY`); true when absent. */
  readonly transaction?: boolean
  /** SQLSTATE that the server answers `bad` with, for rules about statements that fail. */
  readonly fails?: string
}

export interface RuleFinding {
  /** The place to underline. */
  readonly at: Span
  readonly message: string
  readonly instead?: string
  readonly rewrite?: string
  /** Another severity than the rule's own, where less or more is at stake. */
  readonly severity?: Severity
}

/** What a rule may ask. All of it is the state just before the statement. */
export interface RuleContext {
  readonly schema: Schema
  readonly statement: Statement
  readonly migration: ParsedMigration
  /** The phase that is declared or derived. */
  readonly phase: Phase
  /** Major version of the server. */
  readonly target: number
  /** Facts of this statement, in order. */
  readonly facts: readonly Fact[]
  /** Facts of later statements of this migration. */
  readonly later: readonly Fact[]
  readonly transaction: TransactionContext
  /** What this fact does to tables that other sessions can see; tables that are new here are left out. */
  readonly effects: readonly Effect[]
  /** The relation was created by this migration: no other session uses it, and it is empty or just filled. */
  isNew(name: Name): boolean
  table(name: Name): Table | undefined
  column(table: Name, column: string): Column | undefined
  typeChange(from: TypeName, to: TypeName, using: Conversion | undefined): 'no-rewrite' | 'rewrite' | 'unknown'
}

/** The transaction that the statement runs in. */
export interface TransactionContext {
  /** Whether there is one: the runner's, or the file's own BEGIN. */
  readonly open: boolean
  /** Facts of earlier statements of the same transaction. Empty outside a transaction. */
  readonly earlier: readonly Fact[]
  /** Locks that it holds already on tables that other sessions can see, strongest one a table. */
  readonly locks: readonly Effect[]
}

/** Gives `check` the type of what `looksAt` names. */
export function defineRule<const K extends FactKind>(rule: RuleFor<K>): Rule {
  return rule
}
