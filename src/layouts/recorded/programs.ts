import type { SourceFile } from '../../model/migration.ts'
import type { ProgramTool } from '../../model/recording.ts'
import type { Fit } from '../layout.ts'
import { fileName } from '../reading/paths.ts'

const script = /\.[cm]?[jt]s$/i

/** Whether a path names a program in JavaScript or TypeScript; declarations of types are none. */
export function isScript(path: string): boolean {
  return script.test(path) && !/\.d\.[cm]?ts$/i.test(path)
}

/** Whether a path names a program of the directory itself: none of these tools looks into the directories in it. */
export function isOwnScript(path: string): boolean {
  return !path.includes('/') && isScript(path) && !/\.(?:test|spec)\.[cm]?[jt]s$/i.test(path)
}

/** The file's name without what says that it is a program. */
export function scriptName({ path }: SourceFile): string {
  return fileName(path).replace(script, '')
}

/** Whether a program is a migration of the tool, as far as its text says. */
export function isProgram({ path, text }: SourceFile, tool: ProgramTool): boolean {
  if (!isScript(path)) return false
  return (tool === 'typeorm' ? hasMethodUp : exportsUp)(text)
}

/** How well programs look like those of a tool: certain where one imports it, or calls what it is given by its name. */
export function fitOfPrograms(files: readonly SourceFile[], tool: ProgramTool): Fit {
  const own = files.filter((file) => isProgram(file, tool))
  if (own.some(({ text }) => imports(text, tool) || signs[tool].test(text))) return 'certain'
  return own.length > 0 && tool !== 'typeorm' ? 'with-mark' : 'no'
}

const hasMethodUp = (text: string): boolean => /\bclass\b/.test(text) && /\bup\s*\(/.test(text)

const exportsUp = (text: string): boolean => exportForms.some((form) => form.test(text))

const exportForms = [
  /\bexport\s+(?:async\s+)?function\s+up\b/,
  /\bexport\s+(?:const|let|var)\s+up\b/,
  /\bexport\s*\{[^}]*\bup\b/,
  /\bexports\.up\s*=/,
  /\bmodule\.exports\s*=\s*\{[^}]*\bup\b/,
]

function imports(text: string, tool: ProgramTool): boolean {
  return new RegExp(String.raw`(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*['"]${tool}['"]`).test(text)
}

/** What the function `up` is given, by the name that the tool's own templates use. */
const signs: Readonly<Record<ProgramTool, RegExp>> = {
  kysely: /\bup\b[^()]*\(\s*\w+\s*:\s*Kysely\b/,
  knex: /\bup\b[^()]*\(?\s*knex\b/,
  'node-pg-migrate': /\bup\b[^()]*\(?\s*pgm\b/,
  typeorm: /\bup\s*\(\s*queryRunner\b/,
}
