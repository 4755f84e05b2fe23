import { readFile } from 'node:fs/promises'
import { errorCodes, exitCodes } from '../../core/error-codes.ts'
import { exitMeanings } from '../../core/exit-meanings.ts'
import type { ExitMeaning } from '../../core/exit-meanings.ts'
import { ToolkitError } from '../../core/errors.ts'
import type { ErrorCode } from '../../core/error-codes.ts'
import { packageRoot } from '../../core/package-root.ts'
import { closest } from '../../core/text.ts'
import { gates } from '../../gates/registry.gen.ts'
import { builtInRules } from '../../lint/built-in.ts'
import { recipes } from '../../recipes/registry.gen.ts'
import { rules } from '../../rules/registry.gen.ts'
import type { Answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { rulePage } from '../rule-page.ts'
import { showPage } from '../show-page.ts'

export interface ExplainRequest {
  /** The id of a rule, recipe or gate, an error code, or an exit code. */
  readonly name: string
}

/** The pages that ship with the package, by folder. */
const pages: Readonly<Record<string, readonly string[]>> = {
  rules: [...rules, ...builtInRules].map(({ id }) => id),
  recipes: recipes.map(({ id }) => id),
  gates: gates.map(({ id }) => id),
}

/**
 * The page of a rule, recipe, gate, error code or exit code.
 *
 * @throws ToolkitError `command-invalid` for a name that nothing has
 */
export async function answerExplain(context: Context, { name }: ExplainRequest): Promise<Answer> {
  const own = context.loaded.config.lint.customRules.find(({ id }) => id === name)
  if (own !== undefined) return pageAnswer(name, rulePage(own))
  const folder = Object.keys(pages).find((key) => pages[key]?.includes(name) === true)
  const asError = isErrorCode(name) ? errorPage(name) : exitPage(name)
  if (folder === undefined) {
    if (asError !== undefined) return pageAnswer(name, asError)
    const known = [...context.knownRules, ...Object.values(pages).flat(), ...Object.keys(errorCodes)]
    const near = closest(name, known)
    throw new ToolkitError({
      code: 'command-invalid',
      message: `Nothing is called "${name}": no rule, recipe, gate, error or exit code.`,
      hint: near === undefined ? whatThereIs() : `Did you mean "${near}"?`,
    })
  }
  const text = await readFile(new URL(`docs/${folder}/${name}.md`, packageRoot), 'utf8')
  // A rule and the error of the engine that refuses the same thing may share a name.
  return pageAnswer(name, asError === undefined ? text : `${text}\n${asError.replace('# ', '# The error code ')}`)
}

/** The short lists; the rules and the error codes would fill several screens. */
function whatThereIs(): string {
  const { recipes: plans = [], gates: asked = [] } = pages
  return `Recipes: ${plans.join(', ')}. Gates: ${asked.join(', ')}. Rules and error codes are named in what migrate says; all of them are in docs/rules and docs/errors.md of the package.`
}

function isErrorCode(name: string): name is ErrorCode {
  return Object.hasOwn(errorCodes, name)
}

/** What to do with an exit code, for whoever sees nothing else. */
function exitPage(name: string): string | undefined {
  const meanings: Readonly<Record<string, ExitMeaning>> = exitMeanings
  const exit = Object.entries(exitCodes).find(([, code]) => String(code) === name)?.[0] ?? ''
  const words = meanings[exit]
  if (words === undefined) return undefined
  const errors = Object.entries(errorCodes).flatMap(([code, error]) =>
    error.exit === exit ? [`- \`${code}\`: ${error.meaning}`] : [],
  )
  const list = errors.length === 0 ? '' : `\n## Errors\n\n${errors.join('\n')}\n`
  return `# Exit code ${name}\n\n${words.meaning}\n\n${words.advice}\n${list}`
}

function errorPage(code: ErrorCode): string {
  const { exit, meaning } = errorCodes[code]
  return `# ${code}\n\n${meaning}\n\nExit code: ${exitCodes[exit]}. ${exitMeanings[exit].advice}\n`
}

function pageAnswer(name: string, page: string): Answer {
  return { exit: 'ok', json: { version: 1, name, page }, text: (style) => showPage(page, style) }
}
