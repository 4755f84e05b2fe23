import { ToolkitError } from '../core/errors.ts'
import type { ReportStyle } from '../model/report.ts'

/** The process as commands see it: stdout carries the answer and nothing else, stderr everything beside it. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Whether somebody is there to answer a question. */
  readonly interactive: boolean
  /** Whether stderr is a terminal: progress is drawn in place instead of being written line by line. */
  readonly draws: boolean
  style(stream: 'stdout' | 'stderr', color?: boolean): ReportStyle
  out(text: string): void
  err(text: string): void
  readStdin(): Promise<Uint8Array>
}

/** The real process. */
export function processTerminal(): Terminal {
  return {
    env: process.env,
    get cwd() {
      return currentDirectory()
    },
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    draws: process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
    style: (stream, color) => ({
      color: color ?? wantsColor(process[stream].isTTY === true, process.env),
      width: widthOf(process[stream]),
    }),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    readStdin: async () => {
      const { buffer } = await import('node:stream/consumers')
      return buffer(process.stdin)
    },
  }
}

/** @throws ToolkitError `directory-missing` where it is gone */
function currentDirectory(): string {
  try {
    return process.cwd()
  } catch (cause) {
    throw new ToolkitError({
      code: 'directory-missing',
      message: 'The directory that the command was started in is gone.',
      hint: 'Go to one that is there: cd "$PWD", where it was made anew.',
      cause,
    })
  }
}

/** A terminal that does not know its size, as under `docker exec -t` and `script`, says 0. */
export function widthOf({ columns = 0 }: { readonly columns?: number }): number {
  return columns > 0 ? columns : 80
}

/** NO_COLOR (no-color.org) wins over FORCE_COLOR; else colour is for terminals that are not "dumb". */
export function wantsColor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false'
  return isTerminal && env['TERM'] !== 'dumb'
}
