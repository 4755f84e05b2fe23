import { fileURLToPath } from 'node:url'
import type { ProgramPosition } from '../model/recording.ts'

/** Frames that are looked through: a call may go through many of its package and of the project's own helpers. */
Error.stackTraceLimit = 200

/** The innermost call of the program that is running, through source maps; undefined where there is none. */
export function callPlace(file: string): ProgramPosition | undefined {
  return placeIn(new Error('where').stack, file)
}

/** The innermost place of a file in a stack. */
export function placeIn(stack: string | undefined, file: string): ProgramPosition | undefined {
  for (const line of stack?.split('\n') ?? []) {
    const [, where, row, column] = /(?:\(|at (?:async )?)([^()]+?):(\d+):(\d+)\)?$/.exec(line) ?? []
    if (where !== undefined && pathOf(where) === file) return { line: Number(row), column: Number(column) }
  }
  return undefined
}

/** The place in a file that esbuild names, whose columns begin with 0. */
export function placeInMessage(message: string, file: string): ProgramPosition | undefined {
  const at = message.indexOf(`${file}:`)
  const [, line, column] = at === -1 ? [] : (/^:(\d+):(\d+)/.exec(message.slice(at + file.length)) ?? [])
  return line === undefined ? undefined : { line: Number(line), column: Number(column) + 1 }
}

/** Loaders add a query to the address of a module. */
function pathOf(where: string): string {
  const bare = where.replace(/\?.*$/, '')
  return bare.startsWith('file:') ? fileURLToPath(bare) : bare
}
