import { Command } from 'commander'
import type { CommandContext } from '../command.ts'
import { captureCommand } from './queries/capture.ts'
import { checkCommand } from './queries/check.ts'

/** `migrate queries`: the statements that an application sends, release by release. */
export function queriesCommand(context: CommandContext): Command {
  const command = new Command('queries')
    .summary('the statements that a release of the application sends: capture and check them')
    .description(
      'A captured release is a contract: what its application sends must work on every schema that it meets. The files ' +
        'lie in migrations/queries, one for each release.',
    )
    .helpCommand(false)
  for (const build of [captureCommand, checkCommand]) command.addCommand(build(context))
  return command
}
