import { styleText } from 'node:util'
import { ToolkitError } from '../core/errors.ts'
import { indent, wrap } from '../core/text.ts'
import type { ReportStyle } from '../model/report.ts'

/** An error for people: its code, what happened, where, and what to do next. */
export function errorText(error: ToolkitError, style: ReportStyle): string {
  const paint = (look: 'red' | 'bold' | 'dim', text: string): string =>
    style.color ? styleText(look, text, { validateStream: false }) : text
  const width = Math.min(style.width, 100) - 2
  const place = error.at === undefined ? '' : ` ${error.at.path}:${error.at.line}:${error.at.column}`
  const lines = [`${paint('red', 'error')} ${paint('bold', error.code)}${place}`, indent(wrap(error.message, width), 2)]
  if (error.details !== undefined) lines.push('', indent(detailsOf(error, width - 2), 4))
  if (error.hint !== undefined) lines.push('', indent(wrap(error.hint, width), 2))
  return `${lines.join('\n')}\n`
}

/** What goes on in the next line stands a little further in. */
function detailsOf({ details = '', sentences }: ToolkitError, width: number): string {
  if (!sentences) return details
  const broken = (line: string): string => indent(wrap(line, width - 2), 2).trimStart()
  return details.split('\n').map(broken).join('\n')
}

/** The same for programs: one JSON object, with the exit code that follows. */
export function errorJson(error: ToolkitError): object {
  return {
    version: 1,
    error: {
      code: error.code,
      message: error.message,
      hint: error.hint ?? null,
      details: error.details ?? null,
      at: error.at ?? null,
      exitCode: error.exitCode,
    },
  }
}

/** Anything thrown as a coded error: what is not one is a bug of ours and says so. */
export function asToolkitError(error: unknown): ToolkitError {
  if (error instanceof ToolkitError) return error
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new ToolkitError({
    code: 'bug',
    message: 'Something that cannot happen did.',
    details: stack,
    hint: 'Please report it with the command and the lines above. Nothing was committed that "migrate status" does not show.',
    cause: error,
  })
}
