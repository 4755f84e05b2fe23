import { Option } from 'commander'
import type { Command } from 'commander'
import { phases } from '../../model/migration.ts'
import type { CommandContext, CommonFlags } from '../command.ts'
import { give, newCommand, oneOf, sizeOf, toolkitFor, wholeNumber, withTargetUrls } from '../command.ts'
import { untilSignal } from '../signals.ts'
import { runProgress } from '../progress.ts'

interface UpFlags extends CommonFlags {
  readonly to?: string
  readonly phase?: string
  readonly safe?: boolean
  readonly diskFree?: string
  readonly dryRun?: boolean
  readonly output?: string
  readonly plan?: string
  readonly endOrphan?: boolean
  readonly lease?: string
}

/** `migrate up [N]`. */
export function upCommand(context: CommandContext): Command {
  return withTargetUrls(newCommand('up', 'apply pending migrations'))
    .description(
      'Applies pending migrations, each in its transaction with its journal row. Waits for locks only briefly and tries ' +
        'again; runs backfills in batches; leaves a contract behind its gates. With --safe it first asks: has lint errors? ' +
        'Is each downgrade proven to the level that "verify.level" asks for (D3 when absent), or declared to be none? ' +
        'Is the live schema the one that the proofs begin with, and is there room for tables that are written anew and for indexes? ' +
        'Where a check or the health check says no after a migration, its proven downgrade is run.',
    )
    .argument('[n]', 'how many (default: all)', wholeNumber('The number of migrations', 1, 'migrate up 3'))
    .option('--to <id>', 'up to and with this migration')
    .addOption(new Option('--phase <phase>', 'only this phase of a release').argParser(oneOf('--phase', phases)))
    .option('--lease <duration>', 'behind a transaction pooler: hold a lease of this length instead of the lock')
    .option('--end-orphan', 'end the session of a run whose process is gone, instead of waiting for it')
    .option('--safe', 'refuse what lint, proofs, the live schema or its disk speak against')
    .addOption(
      new Option(
        '--disk-free <size>',
        'with --safe: how much room the disk of the server has, such as 200GB',
      ).argParser(sizeOf('--disk-free')),
    )
    .option('--dry-run', 'say what would be done, with locks, estimates and gates; change nothing')
    .option('--output <file>', 'with --dry-run: write the plan of the run to a file')
    .option('--plan <file>', 'run exactly this plan, or nothing')
    .addHelpText('after', upHelp)
    .action(async (steps: number | undefined, flags: UpFlags) => {
      const toolkit = await toolkitFor(flags, context)
      const progress = await runProgress(flags, context)
      const answer = await untilSignal((signal) =>
        toolkit.up({
          steps,
          to: flags.to,
          phase: flags.phase,
          safe: flags.safe === true,
          diskFree: flags.diskFree,
          dryRun: flags.dryRun === true,
          output: flags.output,
          plan: flags.plan,
          endOrphan: flags.endOrphan,
          lease: flags.lease,
          signal,
          onEvent: progress.event,
        }),
      ).finally(progress.end)
      give(answer, flags, context)
    })
}

const upHelp = `
Examples:
  migrate up --safe                    what a pipeline runs
  migrate up --dry-run --output plan.json
  migrate up --plan plan.json          what was reviewed, or nothing
  migrate up --phase expand            before the new version is rolled out
  migrate up 1 --url postgres://migrator@db/shop
`
