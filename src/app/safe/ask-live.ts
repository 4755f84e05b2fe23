import type { JournalState } from '../../model/journal.ts'
import { up } from '../../run/up.ts'
import type { UpInput } from '../../run/up.ts'
import type { Context } from '../context.ts'
import { refuseWithoutRoom } from './room.ts'
import { refuseOtherSchema } from './same-schema.ts'

/**
 * What `up --safe` asks of the live database, under the runner's lock: is the schema the one that the proofs begin with,
 * and is there room for what would be applied?
 *
 * @throws ToolkitError `schema-unknown`, `schema-differs`, `disk-short`, `disk-unknown`
 */
export async function askLive(
  context: Context,
  { input, diskFree }: { readonly input: UpInput; readonly diskFree: string | undefined },
  state: JournalState,
): Promise<void> {
  const { connection, migrations } = input
  await context.dialect.load()
  if (context.loaded.config.safe.schema === 'compare')
    await refuseOtherSchema(context, migrations, { connection, state })
  const options = { ...input.options, dryRun: true }
  const { applied } = await up({ ...input, options, onEvent: undefined, mayBegin: undefined })
  const pending = new Set(applied.map(({ id }) => id))
  await refuseWithoutRoom(context, migrations, { connection, pending, backfills: state.backfills, diskFree })
}
