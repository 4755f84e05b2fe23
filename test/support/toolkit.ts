import { createToolkit } from '../../src/app/toolkit.ts'
import type { Answer } from '../../src/app/answer.ts'
import type { Toolkit } from '../../src/app/toolkit.ts'
import type { UpRequest } from '../../src/app/up/request.ts'
import { exitCodes } from '../../src/core/error-codes.ts'
import { ToolkitError } from '../../src/core/errors.ts'
import { silentLog } from '../../src/core/log.ts'

export type Ask = (toolkit: Toolkit) => Promise<Answer>

export interface Asked {
  readonly code: number
  /** The answer, or the error with everything that it shows, on one line. */
  readonly said: string
}

/** What the command line would say in this directory, without a process for each question. */
export async function asked({ cwd, url }: { readonly cwd: string; readonly url: string }, ask: Ask): Promise<Asked> {
  const toolkit = await createToolkit({ cwd, env: { ...process.env, DATABASE_URL: url }, log: silentLog })
  const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ')
  try {
    const { exit, text } = await ask(toolkit)
    return { code: exitCodes[exit], said: oneLine(text({ width: 80, color: false })) }
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error
    const { code, message, details = '', hint = '', exitCode } = error
    return { code: exitCode, said: oneLine(`error ${code} ${message} ${details} ${hint}`) }
  }
}

/** `migrate up`. */
export function up(request: Partial<UpRequest> = {}): Ask {
  return (toolkit) => toolkit.up({ safe: false, dryRun: false, onEvent: () => undefined, ...request })
}

/** `migrate down --unproven --yes`. */
export const down: Ask = (toolkit) =>
  toolkit.down({ unproven: true, dryRun: false, confirm: () => Promise.resolve(true), onEvent: () => undefined })
