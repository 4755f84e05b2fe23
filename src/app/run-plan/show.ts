import { indent, listOf, plural, wrap } from '../../core/text.ts'
import { formatDuration } from '../../core/time.ts'
import type {
  AskedRun,
  PlannedBatchGate,
  PlannedDowngrade,
  PlannedGate,
  PlannedMigrationRun,
  PlannedRun,
  PlannedStatement,
} from '../../model/planned-run.ts'
import { isTold, lockText } from '../../plan/lock-text.ts'

/** Longer statements are cut: the file has them whole. */
const statementLines = 6
const statementLength = 400

/** What a run would do, for people: each migration, its statements, what they lock, gates and the way back. */
export function planText(plan: PlannedRun, width: number): string {
  const migrations = plan.migrations.map((migration) => migrationText(migration, width))
  return [...migrations, ...(migrations.length === 0 ? [] : [wrap(waitsText(plan.asked), width)])].join('\n')
}

const runs = { together: 'one transaction', 'one by one': 'statement by statement', batches: 'in batches' } as const

function migrationText(migration: PlannedMigrationRun, width: number): string {
  const { id, name, phase, statements, checks, downgrade, gates, batchGates } = migration
  const head = `would apply  ${id} ${name} (${phase}, ${runs[migration.runs]})`
  const body = [
    ...statements.map((statement, index) => statementText(statement, index + 1, width)),
    ...checks.map((sql) => indent(wrap(`check: ${sql}`, width - 4), 4)),
    `    downgrade: ${downgradeText(downgrade)}`,
    ...gates.map((gate) => `    gate ${gateText(gate)}`),
    ...(batchGates.length === 0
      ? []
      : [indent(wrap(`before each batch: ${batchGates.map(writtenGate).join(', ')}`, width - 4), 4)]),
  ]
  return [head, ...body].join('\n')
}

function statementText({ sql, from, locks, waits }: PlannedStatement, number: number, width: number): string {
  const notes = [
    ...locks.filter(isTold).map((lock) => lockText(lock, from)),
    ...(from === 'unknown' ? ['what it locks is not known for this version of the server'] : []),
    ...(waits === 'without limit' ? ['waits for older transactions without a limit; resumed where it is stopped'] : []),
  ]
  const label = `${String(number).padStart(4)}  `
  const shown = indent(shortened(sql), label.length).trimStart()
  return [label + shown, ...notes.map((note) => indent(wrap(note, width - 8), 8))].join('\n')
}

function shortened(sql: string): string {
  const lines = sql.slice(0, statementLength).split(/\r?\n/)
  const cut = lines.length > statementLines || sql.length > statementLength
  return cut ? [...lines.slice(0, statementLines), '…'].join('\n') : sql
}

function downgradeText({ standing, level }: PlannedDowngrade): string {
  if (standing === 'proven') return level === null ? 'no level is proven' : `proven to level ${level}`
  const words = {
    broken: 'broken',
    stale: 'its proof is of other files',
    missing: 'not proven',
    irreversible: 'declared to be none',
  } as const
  return words[standing]
}

function gateText({ gate, options, status, opensWithPlan }: PlannedGate): string {
  const name = writtenGate({ gate, options })
  return opensWithPlan ? `${name}: an approval of this plan opens it` : `${name}: ${status}`
}

/** As it is written in a file. */
function writtenGate({ gate, options }: PlannedBatchGate): string {
  return [gate, ...Object.entries(options).map(([name, value]) => `${name}:${value}`)].join(' ')
}

function waitsText({ lockTimeoutsMs }: AskedRun): string {
  const [first, last] = [Math.min(...lockTimeoutsMs), Math.max(...lockTimeoutsMs)].map(formatDuration)
  const each = first === last ? `of ${first}` : `of ${listOf([`${first}`, `${last}`]).replace(' and ', ' to ')}`
  return `Each lock is tried for in ${plural(lockTimeoutsMs.length, 'attempt')} ${each}, with pauses in which others pass.`
}
