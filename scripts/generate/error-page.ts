import { errorCodes, exitCodes } from '../../src/core/error-codes.ts'
import type { ExitName } from '../../src/core/error-codes.ts'
import { page, table } from './markdown.ts'
import type { Output } from './output.ts'

/** Words for an exit code, for people who write pipelines. A new exit name fails to compile until it has some. */
const exitMeanings: Readonly<Record<ExitName, string>> = {
  ok: 'Nothing to say.',
  no: 'The answer is no: findings, a failed proof, a migration that failed and was rolled back.',
  usage: 'Asked wrongly: options, configuration, files.',
  pending: 'Something is pending or has drifted, for commands that check.',
  locked: 'Another run holds the lock, or a lock was not obtained. Try again.',
  gateClosed: 'A gate is closed or an approval is missing. Nothing behind it was changed.',
  cannotConnect: 'The server cannot be reached. Try again.',
  unsafePlace: 'Not a place to run in: a transaction pooler, a read-only replica, the wrong target.',
  halfway: 'Stopped half-way; the next run resumes.',
  bug: 'A bug in this tool.',
  interrupted: 'Interrupted (SIGINT); what was open was rolled back.',
  terminated: 'Told to end (SIGTERM); what was open was rolled back.',
}

/** `docs/errors.md`: every error code under the exit code that it ends with. */
export function errorPage(): Output {
  const codes = Object.entries(errorCodes)
  const exits = Object.entries(exitCodes)
  const meanings: Readonly<Record<string, string>> = exitMeanings
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
        ['exit code', 'meaning'],
        exits.map(([name, code]) => [String(code), meanings[name] ?? '']),
      ),
      ...sections,
    ),
  }
}
