import type { Command } from 'commander'
import type { RepairRequest } from '../../app/answers/repair.ts'
import { ToolkitError } from '../../core/errors.ts'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, toolkitFor, withTargetUrls } from '../command.ts'
import { confirm } from '../confirm.ts'
import { runProgress } from '../progress.ts'
import { untilSignal } from '../signals.ts'

interface RepairFlags extends CommonFlags {
  readonly acceptEdit?: boolean
  readonly forget?: boolean
  readonly applied?: boolean
  readonly done?: boolean
  readonly undone?: boolean
  readonly restartBackfill?: boolean
  readonly deadRuns?: boolean
  readonly yes?: boolean
  readonly dryRun?: boolean
}

/** `migrate repair <migration>`. */
export function repairCommand(context: CommandContext): Command {
  return withTargetUrls(newCommand('repair', 'correct what the journal says of one migration'))
    .description(
      'Corrects the journal, and nothing but the journal, after you have looked at the database: one migration at a ' +
        'time, what it says before and after is shown, and it asks. What refuses a run names the repair that fits. The ' +
        'journal keeps a row about each repair.',
    )
    .argument('[migration]', 'its id, name or file; an id where the file is gone')
    .option('--accept-edit', 'its file was edited, and the database has what the file says now')
    .option('--forget', 'it is applied or half-way no more: its file may be gone, or run again')
    .option('--applied', 'the database has it, though no run of ours applied it')
    .option('--done', 'its statement that stopped half-way was done')
    .option('--undone', 'its statement that stopped half-way left nothing, or may be run again')
    .option('--restart-backfill', 'its backfill begins anew with the first row')
    .option('--dead-runs', 'instead of a migration: runs that died without writing down how they ended')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'say what would be changed; change nothing')
    .addHelpText('after', repairHelp)
    .action(async (migration: string | undefined, flags: RepairFlags) => {
      const what = whatOf(migration, flags)
      const toolkit = await toolkitFor(flags, context)
      const progress = await runProgress(flags, context)
      const answer = await untilSignal((signal) =>
        toolkit.repair({
          what,
          dryRun: flags.dryRun === true,
          confirm: (question) => confirm(question, flags, context),
          signal,
          onEvent: progress.event,
        }),
      ).finally(progress.end)
      give(answer, flags, context)
    })
}

const actions = {
  acceptEdit: 'accept-edit',
  forget: 'forget',
  applied: 'applied',
  done: 'done',
  undone: 'undone',
  restartBackfill: 'restart-backfill',
} as const

function whatOf(migration: string | undefined, flags: RepairFlags): RepairRequest['what'] {
  const asked = Object.entries(actions).flatMap(([flag, action]) => (Reflect.get(flags, flag) === true ? [action] : []))
  const [action, ...more] = asked
  if (flags.deadRuns === true && migration === undefined && action === undefined) return 'dead-runs'
  if (migration !== undefined && action !== undefined && more.length === 0 && flags.deadRuns !== true)
    return { migration, action }
  throw new ToolkitError({
    code: 'command-invalid',
    message: 'A repair takes one migration and one thing to do with it, or --dead-runs alone.',
    hint: `For example: migrate repair 20261101093000 --accept-edit. One of: ${[...Object.values(actions), 'dead-runs'].map((one) => `--${one}`).join(', ')}`,
  })
}

const repairHelp = `
Examples:
  migrate repair 20261101093000 --accept-edit --dry-run   what would be changed
  migrate repair 20261101093000 --forget                  its file was deleted on purpose
  migrate repair 20261101093000 --done                    you ended its statement by hand
`
