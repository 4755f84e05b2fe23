import { ToolkitError } from '../core/errors.ts'
import { wrap } from '../core/text.ts'
import type { CommandContext, CommonFlags } from './command.ts'

/**
 * Asks before something irreversible. `--yes` answers; without a terminal there is nobody to ask.
 *
 * @throws ToolkitError `confirmation-missing`
 */
export async function confirm(
  question: string,
  flags: CommonFlags & { readonly yes?: boolean },
  { terminal }: CommandContext,
): Promise<boolean> {
  if (flags.yes === true) return true
  if (!terminal.interactive) {
    throw new ToolkitError({
      code: 'confirmation-missing',
      message: question,
      hint: 'Nobody can be asked here. Add --yes when this is what you want.',
    })
  }
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const asked = wrap(`${question} Type "yes" to go on: `, Math.min(terminal.style('stderr').width, 100))
  const typed = await lines.question(asked).finally(() => lines.close())
  return typed.trim().toLowerCase() === 'yes'
}
