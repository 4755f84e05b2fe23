import { createRequire } from 'node:module'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { ToolkitError } from '../core/errors.ts'

const typescript = /\.[cm]?ts$/i

/**
 * What makes Node run these files, as arguments for it. TypeScript goes through the `tsx` of the project, which knows all
 * of the language, else through Node itself where that strips types (22.18 and newer).
 *
 * @throws ToolkitError `program-unrunnable`
 */
export function loaderArguments(files: readonly string[]): readonly string[] {
  const program = files.find((file) => typescript.test(file))
  const own = typescript.test(import.meta.url) ? tsxOf(import.meta.filename) : undefined
  const theirs = program === undefined ? undefined : tsxOf(program)
  const loader = theirs ?? own
  if (program !== undefined && loader === undefined && !stripsTypes()) throw unrunnable()
  return loader === undefined ? [] : ['--import', loader]
}

function tsxOf(file: string): string | undefined {
  try {
    return pathToFileURL(createRequire(file).resolve('tsx')).href
  } catch {
    return undefined
  }
}

function stripsTypes(): boolean {
  return 'typescript' in process.features && process.features.typescript !== false
}

function unrunnable(): ToolkitError {
  return new ToolkitError({
    code: 'program-unrunnable',
    message: `These migrations are TypeScript, which Node.js ${process.versions.node} does not run by itself, and the project has no tsx.`,
    hint: 'Install it: npm install --save-dev tsx. Or use Node.js 22.18 or newer.',
  })
}
