import { systemClock } from '../core/time.ts'
import type { Connection } from '../model/database.ts'
import type { RunEvent } from '../run/events.ts'
import type { RunInput, RunOptions } from '../run/recorded-run.ts'
import type { RunMigration } from '../run/run-migration.ts'
import { actorOf } from './actor.ts'
import type { Context } from './context.ts'
import { leaseOption, runOptions } from './run-options.ts'
import { statementEffects } from './statement-effects.ts'
import { majorOf } from './target.ts'

/** What `up` and `down` are asked alike. */
export interface RunRequest {
  /** End the session of a run whose process is gone. */
  readonly endOrphan?: boolean | undefined
  /** Hold a lease of this duration instead of the lock. */
  readonly lease?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onEvent: (event: RunEvent) => void
}

interface RunParts {
  readonly connection: Connection
  readonly openAnother: () => Promise<Connection>
  readonly migrations: readonly RunMigration[]
}

/** What the runner is given for both. */
export function runInput(
  { dialect, env, log, loaded }: Context,
  { endOrphan, lease, signal, onEvent }: RunRequest,
  { connection, openAnother, migrations }: RunParts,
): RunInput & { readonly migrations: readonly RunMigration[]; readonly options: RunOptions } {
  return {
    connection,
    openAnother,
    migrations,
    effects: statementEffects(dialect, migrations, majorOf(connection)),
    actor: actorOf(env),
    clock: systemClock,
    log,
    signal,
    onEvent,
    options: { ...runOptions(loaded.config), endOrphan, ...leaseOption(lease) },
  }
}
