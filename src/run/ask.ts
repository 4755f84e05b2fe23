import { ToolkitError } from '../core/errors.ts'
import { positionAt } from '../core/span.ts'
import { listOf, suggestion } from '../core/text.ts'
import type { Clock } from '../core/time.ts'
import type { Gate } from '../gates/gate.ts'
import type { Connection } from '../model/database.ts'
import type { JournalState } from '../model/journal.ts'
import type { GateUse, Migration } from '../model/migration.ts'
import type { AskedVerdict } from '../model/verdict.ts'
import type { RunMigration } from './run-migration.ts'

/** What gates are asked with. */
export interface Asking {
  readonly connection: Connection
  readonly journal: JournalState
  readonly migrations: readonly RunMigration[]
  readonly gates: readonly Gate[]
  readonly clock: Clock
}

/**
 * Asks one gate for one migration.
 *
 * @throws ToolkitError `gate-unknown`, `gate-invalid`, `connection-lost`
 */
export async function askGate(asking: Asking, migration: RunMigration, use: GateUse): Promise<AskedVerdict> {
  const { connection, journal, migrations, clock } = asking
  const { gate, settings } = settingsOf(asking.gates, use, migration)
  const { digest } = migration
  const verdict = await gate.ask({ connection, journal, migration, migrations, digest, settings, clock })
  return { gate: use.gate, options: use.options, verdict }
}

/** Refuses gates that do not exist or are written wrong, before anything runs. */
export function checkGates(migrations: readonly Migration[], gates: readonly Gate[]): void {
  for (const migration of migrations) for (const use of migration.gates) settingsOf(gates, use, migration)
}

/** The same for a use that stands in no file. */
export function checkGateUse(use: GateUse, gates: readonly Gate[]): void {
  settingsOf(gates, use)
}

function settingsOf(
  gates: readonly Gate[],
  use: GateUse,
  migration?: Migration,
): { readonly gate: Gate; readonly settings: Readonly<Record<string, string>> } {
  // A gate that is asked by itself stands in no file.
  const place =
    use.span.end === 0 || migration === undefined
      ? {}
      : { at: { path: migration.source.path, ...positionAt(migration.source.text, use.span.start) } }
  const gate = gates.find(({ id }) => id === use.gate)
  if (gate === undefined) {
    const hint = suggestion(
      use.gate,
      gates.map(({ id }) => id),
    )
    throw new ToolkitError({ code: 'gate-unknown', message: `There is no gate "${use.gate}".`, hint, ...place })
  }
  const names = gate.options.map(({ name }) => name)
  const strange = Object.keys(use.options).find((name) => !names.includes(name))
  if (strange !== undefined) {
    const hint = names.length === 0 ? 'It takes none.' : suggestion(strange, names)
    throw new ToolkitError({
      code: 'gate-invalid',
      message: `The gate ${gate.id} takes no option "${strange}".`,
      hint,
      ...place,
    })
  }
  const settings: Record<string, string> = {}
  for (const option of gate.options) {
    const value = use.options[option.name] ?? option.fallback
    const problem = value === undefined ? 'It is missing.' : option.check(value)
    if (value === undefined || problem !== undefined) {
      throw new ToolkitError({
        code: 'gate-invalid',
        message: `The option "${option.name}" of the gate ${gate.id} is wrong: ${problem}`,
        hint: `It says ${option.summary}. Write for instance ${option.name}:${option.example}.`,
        ...place,
      })
    }
    settings[option.name] = value
  }
  return { gate, settings }
}

/** A verdict in one line. */
export function verdictText({ gate, options, verdict }: AskedVerdict): string {
  const written = Object.entries(options).map(([name, value]) => `${name}:${value}`)
  const words = verdict.status === 'open' ? verdict.evidence : verdict.reason
  return `${[gate, ...written].join(' ')} is ${verdict.status}: ${words}`
}

/** Several in one. */
export function verdictsText(verdicts: readonly AskedVerdict[]): string {
  return listOf(verdicts.map(verdictText))
}
