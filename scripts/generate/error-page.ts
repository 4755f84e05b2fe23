import { errorCodes, exitCodes } from '../../src/core/error-codes.ts'
import { exitMeanings } from '../../src/core/exit-meanings.ts'
import type { ExitMeaning } from '../../src/core/exit-meanings.ts'
import { page, table } from './markdown.ts'
import type { Output } from './output.ts'

/** `docs/errors.md`: every error code under the exit code that it ends with. */
export function errorPage(): Output {
  const codes = Object.entries(errorCodes)
  const exits = Object.entries(exitCodes)
  const meanings: Readonly<Record<string, ExitMeaning>> = exitMeanings
  const sections = exits.flatMap(([name, code]) => {
    const own = codes.filter(([, error]) => error.exit === name)
    if (own.length === 0) return []
    return [
      `## Exit code ${code}`,
      table(
        ['error', 'meaning'],
        own.map(([id, error]) => [`\`${id}\``, error.meaning]),
      ),
    ]
  })
  return {
    path: 'docs/errors.md',
    text: page(
      '# Exit codes and errors',
      'Every command ends with one of these codes. Every error has a code of its own, printed with it.',
      table(
        ['exit code', 'meaning', 'what to do'],
        exits.map(([name, code]) => [String(code), meanings[name]?.meaning ?? '', meanings[name]?.advice ?? '']),
      ),
      ...sections,
    ),
  }
}
