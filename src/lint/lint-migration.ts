import type { Effect } from '../model/effect.ts'
import type { Finding, Severity } from '../model/finding.ts'
import type { Direction, ParsedMigration, Section, SourceFile } from '../model/migration.ts'
import type { SizedTable } from '../model/snapshot.ts'
import { stepsOf } from '../model/statement.ts'
import type { ParsedSql } from '../model/statement.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Rule, RuleContext, RuleFinding } from '../rules/rule.ts'
import { applyAllows } from './allows.ts'
import type { ContextSource } from './context.ts'
import { askedOf, contextOf, timeZoneIn, visibleEffects } from './context.ts'
import type { BareFinding } from './fingerprint.ts'
import { withFingerprints } from './fingerprint.ts'
import {
  missingDownFindings,
  phaseFindings,
  syntaxFindings,
  transactionFindings,
  unusedAllowFindings,
} from './own-findings.ts'
import type { LiveSchema } from './live.ts'
import { phaseOf } from './phase.ts'
import { ReplayStep } from './replay.ts'
import { onlySmall, sizesOf } from './sizes.ts'
import type { SmallTable } from './sizes.ts'
import { docsOf } from './rule-info.ts'
import type { RuleTables } from './rule-table.ts'
import type { Catalogue } from './schema/catalogue.ts'
import { namedColumns } from './schema/named-columns.ts'
import { downSource, upSource } from './source-of.ts'
import { statementNumbers } from './statement-numbers.ts'
import { inWordsOf } from './tool-words.ts'
import { TransactionWalk } from './transaction.ts'

export interface LintMigrationInput {
  readonly catalogue: Catalogue
  readonly history: RuleContext['history']
  readonly migration: ParsedMigration
  readonly rules: RuleTables
  readonly severities: Readonly<Record<string, Severity | 'off'>>
  readonly dialect: Dialect
  readonly target: number
  readonly live?: LiveSchema | undefined
  readonly smallTable?: SmallTable | undefined
}

export interface LintMigrationResult {
  readonly findings: readonly Finding[]
  readonly allowed: number
}

/** Judges one migration, and leaves the catalogue as it is after its up. */
export function lintMigration(input: LintMigrationInput): LintMigrationResult {
  const { migration, severities } = input
  const number = statementNumbers(migration)
  const judged = [
    ...upFindings(input, number),
    ...downFindings(input, number),
    ...missingDownFindings(migration),
    ...phaseFindings(migration, number),
  ]
  const { kept, silenced, unused } = applyAllows(migration, withoutRepeats(judged))
  const own = [
    ...syntaxFindings(migration, number),
    ...transactionFindings(migration, number),
    ...unusedAllowFindings(migration, unused, isJudged(input)),
  ]
  const findings = [...kept, ...own].flatMap((finding) => withSeverity(finding, severities))
  const shown = findings.toSorted(byPlace(migration)).map((finding) => inWordsOf(migration.tool, finding))
  return { findings: withFingerprints(migration, shown, input.dialect), allowed: silenced }
}

type Numbering = (file: SourceFile, offset: number) => number

/** What is judged of a migration: one direction of it. */
interface JudgedSection {
  readonly direction: Direction
  readonly file: SourceFile
  readonly section: Section
  readonly sql: ParsedSql
}

function upFindings(input: LintMigrationInput, number: Numbering): readonly BareFinding[] {
  const { catalogue, migration } = input
  const section: JudgedSection = {
    direction: 'up',
    file: upSource(migration),
    section: migration.up,
    sql: migration.upSql,
  }
  return sectionFindings(input, section, new ReplayStep(catalogue, migration.up, migration.upSql), number)
}

/** A downgrade runs on the schema that its own upgrade left; afterwards the schema is as if it had not run. */
function downFindings(input: LintMigrationInput, number: Numbering): readonly BareFinding[] {
  const { catalogue, migration } = input
  if (migration.down.kind !== 'sql' || migration.downSql.statements.length === 0) return []
  const section: JudgedSection = {
    direction: 'down',
    file: downSource(migration),
    section: migration.down.section,
    sql: migration.downSql,
  }
  const step = new ReplayStep(catalogue, section.section, section.sql)
  const before = catalogue.mark()
  const findings = sectionFindings(input, section, step, number)
  catalogue.backTo(before)
  return findings
}

function sectionFindings(
  input: LintMigrationInput,
  { direction, file, section, sql: { statements: written } }: JudgedSection,
  step: ReplayStep,
  number: Numbering,
): readonly BareFinding[] {
  const { catalogue, migration, history, dialect, target, live, smallTable } = input
  const rules = input.rules[direction]
  const steps = written.flatMap((whole) => stepsOf(whole).map((statement) => ({ statement, whole })))
  const statements = steps.map(({ statement }) => statement)
  const phase = phaseOf(migration)
  const source: ContextSource = { catalogue, migration, direction, statements, history, phase, target, dialect, live }
  const shared = askedOf(source)
  const walk = new TransactionWalk(section.transaction)
  const findings: (() => BareFinding)[] = []
  const earlierEffects: Effect[] = []
  let leave = (): void => undefined
  steps.forEach(({ statement, whole }, index) => {
    const inBlock = statement !== whole
    if (inBlock && steps[index - 1]?.whole !== whole) leave = walk.enterBlock()
    for (const fact of statement.facts)
      for (const use of namedColumns(fact)) catalogue.disbelieve(use.table, use.columns)
    const transaction = walk.context()
    const settings = step.settings()
    const all: Effect[] = []
    for (const fact of statement.facts) {
      const effects = visibleEffects(source, fact, { statement: statement.facts, timeZone: timeZoneIn(settings) })
      all.push(...effects)
      const judges = rules.get(fact.kind)
      if (judges === undefined) continue
      const context = contextOf(source, shared, { statement, index, transaction, settings, earlierEffects, effects })
      for (const { rule, options } of judges) {
        for (const found of rule.check(fact, context, options)) {
          const statementNumber = number(file, whole.span.start)
          const sizes = sizesOf(effects, context)
          const place = { file, direction, effects, sizes, smallTable, statement: statementNumber, inBlock }
          findings.push(() => findingOf(rule, found, place))
        }
      }
    }
    earlierEffects.push(...all)
    step.apply(statement, walk.advance(statement, all))
    if (inBlock && steps[index + 1]?.whole !== whole) leave()
  })
  return findings.map((finding) => finding())
}

function findingOf(
  rule: Rule,
  found: RuleFinding,
  place: {
    readonly file: SourceFile
    readonly direction: Direction
    readonly effects: readonly Effect[]
    readonly sizes: readonly SizedTable[]
    readonly smallTable: SmallTable | undefined
    readonly statement: number
    /** It stands in a DO block: what is written instead stands outside, and no machine moves it there. */
    readonly inBlock: boolean
  },
): BareFinding {
  const own = found.severity ?? rule.severity
  const { sizes, smallTable } = place
  const severity =
    smallTable !== undefined && onlySmall({ ...place, hazards: rule.hazards }, smallTable) ? milder[own] : own
  return {
    rule: rule.id,
    severity: place.direction === 'down' ? milder[severity] : severity,
    file: place.file,
    span: found.at,
    statement: place.statement,
    message: typeof found.message === 'string' ? found.message : found.message(),
    why: rule.why,
    ...(found.instead === undefined ? {} : { instead: place.inBlock ? `${outside}\n${found.instead}` : found.instead }),
    ...(found.rewrite === undefined || place.inBlock ? {} : { rewrite: found.rewrite }),
    ...(found.fix === undefined || place.inBlock ? {} : { fix: found.fix }),
    hazards: rule.hazards,
    effects: place.effects,
    ...(sizes.length === 0 ? {} : { sizes }),
    ...docsOf(rule),
  }
}

const outside = '-- Outside of the DO block:'

/** A downgrade runs when something has failed already: what it blocks counts, but it must not hold a release back. */
const milder = { error: 'warning', warning: 'info', info: 'info' } as const satisfies Record<Severity, Severity>

/** One statement of several facts may give one finding several times. */
function withoutRepeats(findings: readonly BareFinding[]): readonly BareFinding[] {
  const seen = new Set<string>()
  return findings.filter((finding) => {
    const key = `${finding.rule}\0${finding.file.path}\0${finding.span.start}\0${finding.span.end}\0${finding.message}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** Only an allow of a rule that was asked can be called unused. */
function isJudged(input: LintMigrationInput): (rule: string) => boolean {
  const lists = [...input.rules.up.values(), ...input.rules.down.values()]
  const asked = (id: string): boolean =>
    id === 'phase-mismatch' || lists.some((list) => list.some(({ rule }) => rule.id === id))
  return (rule) => asked(rule) && input.severities[rule] !== 'off'
}

function withSeverity(finding: BareFinding, severities: LintMigrationInput['severities']): readonly BareFinding[] {
  const severity = severities[finding.rule]
  if (severity === undefined) return [finding]
  return severity === 'off' ? [] : [{ ...finding, severity }]
}

const severityOrder: readonly Severity[] = ['error', 'warning', 'info']

/** The file of the upgrade first, where there are two. */
function byPlace(migration: ParsedMigration): (a: BareFinding, b: BareFinding) => number {
  const own = upSource(migration)
  return (a, b) =>
    Number(a.file !== own) - Number(b.file !== own) ||
    a.span.start - b.span.start ||
    a.span.end - b.span.end ||
    severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity) ||
    (a.rule < b.rule ? -1 : Number(a.rule > b.rule))
}
