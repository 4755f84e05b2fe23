import { ToolkitError } from '../core/errors.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Fact } from '../model/fact.ts'
import { nameText } from '../model/name.ts'
import type { Plan, PlanStep } from '../model/plan.ts'
import type { Schema } from '../model/schema.ts'
import type { Statement } from '../model/statement.ts'
import type { Recipe, RecipeContext } from '../recipes/recipe.ts'
import { changeName } from './change-name.ts'
import { directStep } from './direct.ts'

export interface PlanInput {
  /** The change as one would have written it. */
  readonly statement: Statement
  /** The schema before it. */
  readonly schema: Schema
  readonly recipes: readonly Recipe[]
  readonly dialect: Dialect
  /** Major version of the server. */
  readonly target: number
  /** Name of the evolution; undefined: from table and column. */
  readonly change?: string | undefined
  /** SQL expression that NULLs are replaced with. */
  readonly fill?: string | undefined
}

/**
 * The plan of one statement: the recipe's steps, or the statement as it is where it is harmless.
 * `dialect.load()` must have resolved.
 *
 * @throws ToolkitError `plan-impossible` when no recipe is for it, or something stands in its way
 */
export function planChange(input: PlanInput): Plan {
  const { facts } = input.statement
  const [fact] = facts
  if (fact === undefined)
    throw impossible('There is no statement to plan.', 'Write the change as SQL: migrate plan -e "alter table …".')
  const planned = facts.filter((one) => input.recipes.some(({ looksAt }) => looksAt.includes(one.kind)))
  if (planned.length > 0 && facts.length > 1) {
    throw impossible(
      'The statement makes several changes, and each needs a plan of its own.',
      'Write one ALTER TABLE a change, and plan them one after the other.',
    )
  }
  const change = changeName(input.change, fact)
  const context = contextOf(input, change)
  for (const recipe of input.recipes) {
    const plan = recipe.looksAt.includes(fact.kind) ? planBy(recipe, fact, context, input.statement) : undefined
    if (plan !== undefined) return plan
  }
  return planWithoutRecipe(input, change)
}

function planBy(recipe: Recipe, fact: Fact, context: RecipeContext, statement: Statement): Plan | undefined {
  const steps = [...recipe.steps(fact, context)]
  if (steps.length === 0) return undefined
  return {
    change: context.change,
    title: titleOf(recipe.title, fact),
    asked: statement.sql,
    recipe: recipe.id,
    steps,
    notes: recipe.notes(fact, context),
  }
}

function planWithoutRecipe(input: PlanInput, change: string): Plan {
  const step: PlanStep | undefined = directStep(input)
  if (step === undefined) {
    const ids = input.recipes.map(({ id }) => id).join(', ')
    throw impossible(
      `There is no recipe for this statement (${input.statement.facts.map(({ kind }) => kind).join(', ')}).`,
      `Recipes: ${ids}. \`migrate lint\` says what the statement would lock, rewrite, lose or break, and what to write instead.`,
    )
  }
  return {
    change,
    title: 'No plan is needed',
    asked: input.statement.sql,
    recipe: 'none',
    steps: [step],
    notes: ['The statement only adds, reads no rows and writes none, so one migration is enough.'],
  }
}

function contextOf(input: PlanInput, change: string): RecipeContext {
  const { schema, target, dialect, statement, fill } = input
  return { schema, target, dialect, change, facts: statement.facts, ...(fill === undefined ? {} : { fill }) }
}

function titleOf(title: string, fact: Fact): string {
  if (!('table' in fact) || fact.table === undefined) return title
  const table = nameText(fact.table)
  return 'column' in fact && typeof fact.column === 'string'
    ? `${title}: ${fact.column} of ${table}`
    : `${title}: ${table}`
}

function impossible(message: string, hint: string): ToolkitError {
  return new ToolkitError({ code: 'plan-impossible', message, hint })
}
