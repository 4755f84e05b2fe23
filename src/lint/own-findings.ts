import type { Span } from '../core/span.ts'
import type { Finding } from '../model/finding.ts'
import type { Allow, ParsedMigration, Phase } from '../model/migration.ts'
import type { BuiltInId } from './built-in.ts'
import { builtInRule } from './built-in.ts'
import type { Part } from './phase.ts'
import { partsOf } from './phase.ts'

type Numbering = (offset: number) => number

/** What the grammar refuses, in both directions. */
export function syntaxFindings(migration: ParsedMigration, number: Numbering): readonly Finding[] {
  return [...migration.upSql.problems, ...migration.downSql.problems].map((problem) =>
    own('syntax-error', migration, {
      span: problem.span,
      statement: number(problem.statement.start),
      message: sentence(problem.message),
    }),
  )
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(capital) ? capital : `${capital}.`
}

const savepoints: ReadonlySet<string> = new Set(['savepoint', 'release', 'rollback-to'])

/** What takes the runner's transaction out of its hands. Bare SQL files are somebody else's to run, and may do that. */
export function transactionFindings(migration: ParsedMigration, number: Numbering): readonly Finding[] {
  if (migration.down.kind === 'missing' && !migration.down.expected) return []
  return [...migration.upSql.statements, ...migration.downSql.statements].flatMap((statement) => {
    const control = statement.facts.find((fact) => fact.kind === 'transaction' && !savepoints.has(fact.action))
    if (control === undefined) return []
    return own('transaction-control', migration, {
      span: statement.span,
      statement: number(statement.span.start),
      message: 'The runner begins and ends the transaction of a migration; it refuses a file that does it too.',
      instead:
        'Take the statement out. What needs a transaction of its own is a second migration, or goes under ' +
        '`-- migrate:up transaction:false`.',
    })
  })
}

/** A migration that forgot its way back. */
export function missingDownFindings(migration: ParsedMigration): readonly Finding[] {
  if (migration.down.kind !== 'missing' || !migration.down.expected) return []
  const [first] = migration.upSql.statements
  return [
    own('missing-down', migration, {
      span: first?.span ?? migration.up.span,
      statement: 0,
      message: `${migration.id} has no down section, so nobody can go back behind it.`,
      instead:
        '-- migrate:down\n<what takes the upgrade back>\n\n-- or, where nothing can:\n-- migrate:down none because <reason>',
    }),
  ]
}

/** Allows that silenced nothing, of rules that were asked. */
export function unusedAllowFindings(
  migration: ParsedMigration,
  unused: readonly Allow[],
  isJudged: (rule: string) => boolean,
): readonly Finding[] {
  return unused
    .filter((allow) => isJudged(allow.rule))
    .map((allow) =>
      own('unused-allow', migration, {
        span: allow.span,
        statement: 0,
        message: `Nothing here is reported by ${allow.rule}, so there is nothing to allow.`,
        instead: 'Remove the comment, or move it to stand directly above the statement it is meant for.',
      }),
    )
}

/** Statements that do not belong into the phase that the file declares, or into one migration. */
export function phaseFindings(migration: ParsedMigration, number: Numbering): readonly Finding[] {
  const phase = migration.declaredPhase
  const found = phase === undefined ? mixedParts(migration) : misplacedParts(migration, phase)
  return found.map(({ span, message, instead, severity }) => ({
    ...own('phase-mismatch', migration, { span, statement: enclosing(migration, span, number), message, instead }),
    ...(severity === undefined ? {} : { severity }),
  }))
}

interface PhaseProblem {
  readonly span: Span
  readonly message: string
  readonly instead: string
  readonly severity?: 'info'
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
  const adds = parts.some(({ part }) => part === 'adds')
  const taking = parts.find(({ part, fact }) => part === 'takes' && removes.has(fact.kind))
  if (!adds || taking === undefined) return []
  return [
    {
      span: taking.fact.span,
      message: 'This migration adds things and also takes things away: no moment of a release is right for both.',
      instead: 'Move what is taken away to a later migration with `-- migrate:phase contract`.',
      severity: 'info',
    },
  ]
}

const removes: ReadonlySet<string> = new Set(['drop-table', 'drop-column', 'rename-table', 'rename-column'])

function enclosing(migration: ParsedMigration, span: Span, number: Numbering): number {
  const statement = migration.upSql.statements.findLast((candidate) => candidate.span.start <= span.start)
  return statement === undefined ? 0 : number(statement.span.start)
}

function own(
  id: BuiltInId,
  migration: ParsedMigration,
  place: { readonly span: Span; readonly statement: number; readonly message: string; readonly instead?: string },
): Finding {
  const { severity, why, hazards } = builtInRule(id)
  return {
    rule: id,
    severity,
    file: migration.source,
    ...place,
    why,
    hazards,
    effects: [],
    docs: `docs/rules/${id}.md`,
  }
}
