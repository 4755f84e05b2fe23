import type { Span } from '../core/span.ts'
import type { FindingFix } from '../model/finding.ts'
import type { Allow, ParsedMigration, Phase, Section, SourceFile } from '../model/migration.ts'
import type { ParsedSql } from '../model/statement.ts'
import { isLeftOpen } from '../sql/lexer.ts'
import type { BuiltInId } from './built-in.ts'
import { builtInRule } from './built-in.ts'
import type { BareFinding } from './fingerprint.ts'
import type { Part } from './phase.ts'
import { partsOf } from './phase.ts'
import { allowSource, downSource, upSource } from './source-of.ts'

type Numbering = (file: SourceFile, offset: number) => number

/** What the grammar refuses, in both directions. */
export function syntaxFindings(migration: ParsedMigration, number: Numbering): readonly BareFinding[] {
  return sectionsOf(migration).flatMap(({ file, sql }) =>
    sql.problems.map((problem) =>
      own('syntax-error', file, {
        span: problem.span,
        statement: number(file, problem.statement.start),
        message: sentence(problem.message),
      }),
    ),
  )
}

interface OwnSection {
  readonly file: SourceFile
  readonly section: Section
  readonly sql: ParsedSql
}

function sectionsOf(migration: ParsedMigration): readonly OwnSection[] {
  const { up, upSql, down, downSql } = migration
  return [
    { file: upSource(migration), section: up, sql: upSql },
    ...(down.kind === 'sql' ? [{ file: downSource(migration), section: down.section, sql: downSql }] : []),
  ]
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(capital) ? capital : `${capital}.`
}

const savepoints: ReadonlySet<string> = new Set(['savepoint', 'release', 'rollback-to'])

/** What takes the runner's transaction out of its hands, where there is one to take. */
export function transactionFindings(migration: ParsedMigration, number: Numbering): readonly BareFinding[] {
  const { tool, down } = migration
  // Bare SQL files are somebody else's to run, and may do that.
  const isBare = tool === undefined && down.kind === 'missing' && !down.expected
  if (isBare || tool?.transactions === 'file') return []
  const judged = sectionsOf(migration).filter(
    ({ section }) => tool === undefined || (section.transaction && section.implicit !== true),
  )
  return judged.flatMap(({ file, sql }) =>
    sql.statements.flatMap((statement) => {
      const control = statement.facts.find((fact) => fact.kind === 'transaction' && !savepoints.has(fact.action))
      if (control === undefined) return []
      return own('transaction-control', file, {
        span: statement.span,
        statement: number(file, statement.span.start),
        ...(tool === undefined ? ourTransaction : toolTransaction(tool.name)),
      })
    }),
  )
}

interface Words {
  readonly message: string
  readonly instead: string
}

const ourTransaction: Words = {
  message: 'The runner begins and ends the transaction of a migration; it refuses a file that does it too.',
  instead:
    'Take the statement out. What needs a transaction of its own is a second migration, or goes under ' +
    '`-- migrate:up transaction:false`.',
}

function toolTransaction(name: string): Words {
  return {
    message: `${name} begins and ends the transaction of a migration: what this statement ends can no longer be rolled back with the rest.`,
    instead: 'Take the statement out. What needs a transaction of its own is a second migration.',
  }
}

/** A migration that forgot its way back. */
export function missingDownFindings(migration: ParsedMigration): readonly BareFinding[] {
  if (migration.down.kind !== 'missing' || !migration.down.expected) return []
  // A quote that is not closed hides the downgrade; that it is open is a finding already.
  if (migration.upSql.problems.length > 0 && isLeftOpen(migration.up.sql)) return []
  const [first] = migration.upSql.statements
  const { id, tool, up } = migration
  return [
    own('missing-down', upSource(migration), {
      span: first?.span ?? up.span,
      statement: 0,
      message: `${id} has no ${tool === undefined ? 'down section' : 'downgrade'}, so nobody can go back behind it.`,
      instead:
        tool === undefined
          ? '-- migrate:down\n<what takes the upgrade back>\n\n-- or, where nothing can:\n-- migrate:down none because <reason>'
          : `${tool.downgrade ?? '-- in a downgrade:'}\n<what takes the upgrade back>\n\n-- or, where nothing can:\n-- migrate:allow-file missing-down because <reason>`,
    }),
  ]
}

/** Allows that silenced nothing, of rules that were asked. */
export function unusedAllowFindings(
  migration: ParsedMigration,
  unused: readonly Allow[],
  isJudged: (rule: string) => boolean,
): readonly BareFinding[] {
  return unused
    .filter((allow) => allow.shared !== true && isJudged(allow.rule))
    .map((allow) =>
      own('unused-allow', allowSource(allow, migration), {
        span: allow.span,
        statement: 0,
        message: `Nothing here is reported by ${allow.rule}, so there is nothing to allow.`,
        instead: 'Remove the comment, or move it to stand directly above the statement it is meant for.',
      }),
    )
}

/** Statements that do not belong into the phase that the file declares, or into one migration. */
export function phaseFindings(migration: ParsedMigration, number: Numbering): readonly BareFinding[] {
  const phase = migration.declaredPhase
  const found = phase === undefined ? mixedParts(migration) : misplacedParts(migration, phase)
  return found.map(({ span, message, instead, severity, fix }) => ({
    ...own('phase-mismatch', upSource(migration), {
      span,
      statement: enclosing(migration, span, number),
      message,
      instead,
    }),
    ...(severity === undefined ? {} : { severity }),
    ...(fix === undefined ? {} : { fix }),
  }))
}

interface PhaseProblem {
  readonly span: Span
  readonly message: string
  readonly instead: string
  readonly severity?: 'info'
  readonly fix?: FindingFix
}

/** Parts that must not be in a phase; data moves that a contract ends with are allowed there. */
const misplaced: Readonly<Record<Phase, readonly Part[]>> = {
  expand: ['takes', 'moves'],
  backfill: ['takes'],
  contract: [],
}

const doing: Readonly<Record<Part, string>> = {
  adds: 'adds something that the new version needs',
  moves: 'changes data',
  takes: 'takes away or changes something that the running version may use',
  either: 'fits any phase',
}

const phaseFor: Readonly<Record<Part, Phase>> = {
  adds: 'expand',
  moves: 'backfill',
  takes: 'contract',
  either: 'expand',
}

function misplacedParts(migration: ParsedMigration, phase: Phase): readonly PhaseProblem[] {
  const parts = partsOf(migration)
  const problems = parts
    .filter(({ part }) => misplaced[phase].includes(part))
    .map(({ fact, part }) => ({
      span: fact.span,
      message: `The file says that it is the ${phase} phase, but this statement ${doing[part]}.`,
      instead: `Move the statement to a migration with \`-- migrate:phase ${phaseFor[part]}\`.`,
    }))
  const first = parts[0]
  const onlyAdds =
    parts.some(({ part }) => part === 'adds') && !parts.some(({ part }) => part === 'moves' || part === 'takes')
  if (phase === 'expand' || !onlyAdds || first === undefined) return problems
  return [
    ...problems,
    {
      span: parts.find(({ part }) => part === 'adds')?.fact.span ?? first.fact.span,
      message: `The file says that it is the ${phase} phase, but its statements only add things.`,
      instead: 'Write `-- migrate:phase expand`, so that it runs before the version that needs it.',
    },
  ]
}

/** Without a declared phase: adding and taking away in one file has no right moment to run. */
function mixedParts(migration: ParsedMigration): readonly PhaseProblem[] {
  const parts = partsOf(migration)
  const lastAdding = parts.findLast(({ part }) => part === 'adds')
  const taking = parts.find(({ part, fact }) => part === 'takes' && removes.has(fact.kind))
  if (lastAdding === undefined || taking === undefined) return []
  const place = taking.fact.span.start
  const isInBlock = migration.upSql.statements.some(
    ({ span, inner }) => inner !== undefined && span.start <= place && place < span.end,
  )
  return [
    {
      span: taking.fact.span,
      message: 'This migration adds things and also takes things away: no moment of a release is right for both.',
      instead: 'Move what is taken away to a later migration with `-- migrate:phase contract`.',
      severity: 'info',
      // With something added below it, the order would have to change; out of a block nothing is taken.
      ...(lastAdding.fact.span.start < place && !isInBlock
        ? { fix: { kind: 'next-migration', phase: 'contract' } }
        : {}),
    },
  ]
}

const removes: ReadonlySet<string> = new Set(['drop-table', 'drop-column', 'rename-table', 'rename-column'])

function enclosing(migration: ParsedMigration, span: Span, number: Numbering): number {
  const statement = migration.upSql.statements.findLast((candidate) => candidate.span.start <= span.start)
  return statement === undefined ? 0 : number(upSource(migration), statement.span.start)
}

function own(
  id: BuiltInId,
  file: SourceFile,
  place: { readonly span: Span; readonly statement: number; readonly message: string; readonly instead?: string },
): BareFinding {
  const { severity, why, hazards } = builtInRule(id)
  return {
    rule: id,
    severity,
    file,
    ...place,
    why,
    hazards,
    effects: [],
    docs: `docs/rules/${id}.md`,
  }
}
