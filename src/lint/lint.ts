import { ToolkitError } from '../core/errors.ts'
import { suggestion } from '../core/text.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { LintReport, Severity } from '../model/finding.ts'
import type { ParsedMigration } from '../model/migration.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Rule } from '../rules/rule.ts'
import { builtInRules } from './built-in.ts'
import { History } from './history.ts'
import { KnownHistory } from './known-history.ts'
import type { FoundResult, Known } from './known-history.ts'
import { lintMigration } from './lint-migration.ts'
import { inWrittenFile } from './in-written-file.ts'
import { liveSchema } from './live.ts'
import type { HistoryStart } from './replay.ts'
import { nothingBefore, replayMigration } from './replay.ts'
import { rulesOf } from './rule-info.ts'
import { rulesByKind } from './rule-table.ts'
import type { RuleSettings, RuleTables } from './rule-table.ts'
import type { SmallTable } from './sizes.ts'

/** Which rules are asked, and how severe their findings are. */
export interface RuleSelection {
  readonly rules: readonly Rule[]
  /** Other severities than the rules' own, also for the engine's own findings; `off` removes a rule. */
  readonly severities?: Severities
  /** Values for the options of rules; the defaults where absent. */
  readonly settings?: RuleSettings
}

export interface LintInput extends RuleSelection {
  /** Every migration, in the order in which they are applied. */
  readonly history: readonly ParsedMigration[]
  /** Ids to report on; the rest is only replayed. All when absent. */
  readonly report?: ReadonlySet<string>
  /**
   * Ids that one release brings together, such as those that are new on a branch. Where a snapshot says what is applied,
   * that tells it better: what is not. Empty when absent: nothing is known.
   */
  readonly released?: ReadonlySet<string> | undefined
  /** Another selection for the migration in a file; those it gives undefined for are judged with the one above. */
  readonly selectionFor?: (path: string) => RuleSelection | undefined
  readonly dialect: Dialect
  /** Major version of the server. */
  readonly target: number
  /** What earlier runs found out; the answer is the same without. */
  readonly known?: Known
  /** What a live database holds: it is judged what is not applied there. Absent: the history begins with nothing. */
  readonly snapshot?: Snapshot | undefined
  /** Up to which size a table counts as small; absent: none does. */
  readonly smallTable?: SmallTable | undefined
  /** Whether every file runs inside one transaction, or none does; absent: what each migration says. */
  readonly inTransaction?: boolean
}

export type Severities = Readonly<Record<string, Severity | 'off'>>

/**
 * Judges migrations, each against the schema that those before it leave behind, and its downgrade against the schema
 * that it leaves behind itself.
 * `dialect.load()` must have resolved.
 *
 * @throws ToolkitError `rule-unknown` when `severities` names a rule that does not exist
 */
export function lint(input: LintInput): LintReport {
  const chosen = selections(input)
  const migrations = input.history.map((migration) => wrapped(migration, input.inTransaction))
  const live = input.snapshot === undefined ? undefined : liveSchema(input.snapshot, migrations, input.dialect)
  const start = live ?? nothingBefore(input.target)
  const isReported = (migration: ParsedMigration): boolean =>
    start.replays(migration) && (input.report === undefined || input.report.has(migration.id))
  const history = new History(migrations, releasedOf(input, live))
  const known = input.known === undefined ? undefined : new KnownHistory(migrations, input.known, { start, history })
  const results = migrations.map((migration, index) =>
    isReported(migration) ? known?.resultOf(index, migration) : undefined,
  )
  const first = migrations.findIndex((migration, index) => isReported(migration) && results[index] === undefined)
  const found: FoundResult[] = []
  const catalogue = first === -1 ? undefined : (known?.catalogueBefore(first) ?? start.catalogue())
  for (const [index, migration] of migrations.entries()) {
    // Also for what is known already: the report names every rule that had a say.
    const selection = isReported(migration) ? chosen.for(migration.source.path) : undefined
    if (catalogue === undefined || (known !== undefined && index < first)) continue
    if (index === migrations.length - 1) known?.keepCatalogue(index, catalogue)
    if (selection === undefined || results[index] !== undefined) {
      if (start.replays(migration)) replayMigration(catalogue, migration)
      continue
    }
    const { rules, severities } = selection
    const { dialect, target, smallTable } = input
    const around = history.at(index)
    const result = lintMigration({
      catalogue,
      history: around,
      migration,
      rules,
      severities,
      dialect,
      target,
      live,
      smallTable,
    })
    found.push({ index, result, asked: around.asked })
    results[index] = result
  }
  known?.keepResults(found)
  const judged = results.flatMap((result) => result ?? [])
  const findings = judged.flatMap((result) => result.findings).map(inWrittenFile)
  return {
    findings,
    files: judged.length,
    target: input.target,
    allowed: judged.reduce((sum, { allowed }) => sum + allowed, 0),
    rules: rulesOf(findings, chosen.asked()),
  }
}

function releasedOf({ history, snapshot, released }: LintInput, live: HistoryStart | undefined): LintInput['released'] {
  if (live === undefined || snapshot?.applied === undefined) return released
  return new Set(history.filter((migration) => live.replays(migration)).map(({ id }) => id))
}

interface Chosen {
  readonly rules: RuleTables
  readonly severities: Severities
}

/** The rules for a file. The tables of a selection are made once, however many files share it. */
function selections(input: LintInput): { for(path: string): Chosen; asked(): readonly Rule[] } {
  const made = new Map<RuleSelection, Chosen>()
  const tables = (selection: RuleSelection): Chosen => {
    const known = made.get(selection)
    if (known !== undefined) return known
    const severities = selection.severities ?? {}
    refuseUnknown(selection.rules, severities)
    const rules = selection.rules.filter((rule) => severities[rule.id] !== 'off')
    const fresh = { rules: rulesByKind(rules, selection.settings ?? {}), severities }
    made.set(selection, fresh)
    return fresh
  }
  tables(input)
  return {
    for: (path) => tables(input.selectionFor?.(path) ?? input),
    asked: () => [...made.keys()].flatMap(({ rules }) => rules),
  }
}

function wrapped(migration: ParsedMigration, inTransaction: boolean | undefined): ParsedMigration {
  if (inTransaction === undefined) return migration
  const { up, down } = migration
  return {
    ...migration,
    up: { ...up, transaction: inTransaction },
    down: down.kind === 'sql' ? { ...down, section: { ...down.section, transaction: inTransaction } } : down,
  }
}

function refuseUnknown(rules: readonly Rule[], severities: Severities): void {
  const known = [...rules, ...builtInRules].map((rule) => rule.id)
  const unknown = Object.keys(severities).find((id) => !known.includes(id))
  if (unknown === undefined) return
  throw new ToolkitError({
    code: 'rule-unknown',
    message: `There is no rule "${unknown}".`,
    hint: suggestion(unknown, known),
  })
}
