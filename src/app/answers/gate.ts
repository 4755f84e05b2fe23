import { ToolkitError } from '../../core/errors.ts'
import { listOf, suggestion, wrap } from '../../core/text.ts'
import { systemClock } from '../../core/time.ts'
import { gates } from '../../gates/registry.gen.ts'
import type { GateUse } from '../../model/migration.ts'
import type { AskedVerdict } from '../../model/verdict.ts'
import { askGate, checkGates, verdictText } from '../../run/ask.ts'
import { openJournal } from '../../run/journal.ts'
import { readJournal } from '../../run/journal/read.ts'
import type { RunMigration } from '../../run/run-migration.ts'
import type { Answer } from '../answer.ts'
import { directoryHistory } from '../context.ts'
import type { Context } from '../context.ts'
import { gateUse } from '../gate-use.ts'
import { idOf, runOptions } from '../run-options.ts'
import { forRunner, withTarget } from '../target.ts'

export interface GateRequest {
  /** A gate, or the id or name of a migration whose gates are asked. */
  readonly name: string
  /** `name:value`, for a gate that is asked by itself. */
  readonly options: readonly string[]
}

/** Asks gates. Only `open` is a yes. */
export async function answerGate(context: Context, request: GateRequest): Promise<Answer> {
  const migrations = forRunner(context, await directoryHistory(context, 'run'))
  const { migration, uses } = questions(request, migrations)
  checkGates([{ ...migration, gates: uses }], gates)
  const asked = await withTarget(context, { readOnly: true }, async (connection) => {
    const { schema } = runOptions(context.loaded.config)
    const journal = await readJournal(await openJournal(connection, schema))
    const answers: AskedVerdict[] = []
    for (const use of uses) {
      answers.push(await askGate({ connection, journal, migrations, gates, clock: systemClock }, migration, use))
    }
    return answers
  })
  return {
    exit: asked.every(({ verdict }) => verdict.status === 'open') ? 'ok' : 'gateClosed',
    json: { version: 1, asked },
    text: ({ width }) =>
      asked.length === 0
        ? `${migration.id} ${migration.name} waits for no gate.\n`
        : asked.map((one) => `${wrap(verdictText(one), width)}\n`).join(''),
  }
}

interface Questions {
  readonly migration: RunMigration
  readonly uses: readonly GateUse[]
}

function questions({ name, options }: GateRequest, migrations: readonly RunMigration[]): Questions {
  const last = migrations.at(-1)
  if (last === undefined) throw unknownName(name)
  if (gates.some(({ id }) => id === name)) {
    return { migration: last, uses: [gateUse(name, options)] }
  }
  if (/^\d/.test(name) || migrations.some((migration) => migration.name === name)) {
    const id = idOf(name, migrations)
    const migration = migrations.find((one) => one.id === id) ?? last
    return { migration, uses: migration.gates }
  }
  throw unknownName(name, migrations)
}

function unknownName(name: string, migrations: readonly RunMigration[] = []): ToolkitError {
  const steps = migrations.filter(({ change }) => change === name).map(({ id }) => id)
  if (steps.length > 0)
    return new ToolkitError({
      code: 'gate-unknown',
      message: `"${name}" is the name of a change, and gates stand in its migrations.`,
      hint: `Name one of them: ${listOf(steps)}.`,
    })
  return new ToolkitError({
    code: 'gate-unknown',
    message: `"${name}" is neither a gate nor a migration.`,
    hint: suggestion(
      name,
      gates.map(({ id }) => id),
    ),
  })
}
