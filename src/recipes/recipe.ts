import type { Dialect } from '../dialects/dialect.ts'
import type { Fact, FactKind, FactOf } from '../model/fact.ts'
import type { PlanStep } from '../model/plan.ts'
import type { Schema } from '../model/schema.ts'

/** A safe way through several releases for one operation. */
export interface Recipe<K extends FactKind = FactKind> {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly looksAt: readonly K[]
  readonly why: string
  /** Run on a real server by the recipe test: one-shot change and plan must end in the same schema. */
  readonly examples: readonly RecipeExample[]
  /**
   * The steps, in order. Nothing: this recipe is not for this fact.
   *
   * @throws ToolkitError `plan-impossible` when it would be, but something stands in the way; the message says what
   */
  steps(fact: FactOf<K>, context: RecipeContext): Iterable<PlanStep>
}

export interface RecipeExample {
  readonly given: string
  /** The one-shot change. */
  readonly change: string
  /** Rows to start with: SQL run after `given`. */
  readonly rows: string
  /** Statements of the version that runs before the change; must work after every step of expand and backfill. */
  readonly oldQueries: readonly string[]
  /** Statements of the version that knows the change; must work after expand and from then on. */
  readonly newQueries: readonly string[]
}

export interface RecipeContext {
  readonly schema: Schema
  readonly target: number
  readonly dialect: Dialect
  readonly facts: readonly Fact[]
  /** The change's name, for the names of helper objects. */
  readonly change: string
  /** SQL expression that NULLs are replaced with, where the recipe needs one and the user gave one. */
  readonly fill?: string
}

/** Gives `steps` the type of what `looksAt` names. */
export function defineRecipe<K extends FactKind>(recipe: Recipe<K>): Recipe<K> {
  return recipe
}
