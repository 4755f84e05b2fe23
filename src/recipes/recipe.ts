import type { Dialect } from '../dialects/dialect.ts'
import type { Fact, FactKind, FactOf } from '../model/fact.ts'
import type { PlanStep } from '../model/plan.ts'
import type { Schema } from '../model/schema.ts'

interface RecipeWords {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly why: string
  /** Run on a real server by the recipe test: one-shot change and plan must end in the same schema. */
  readonly examples: readonly RecipeExample[]
}

/** A safe way through several releases for one operation. */
export interface Recipe extends RecipeWords {
  /** The kinds of facts that `steps` and `notes` are given. */
  readonly looksAt: readonly FactKind[]
  /**
   * The steps, in order. Nothing: this recipe is not for this fact.
   *
   * @throws ToolkitError `plan-impossible` when it would be, but something stands in the way; the message says what
   */
  steps(fact: Fact, context: RecipeContext): Iterable<PlanStep>
  /** What a person must know besides the steps; asked only where `steps` gave some. */
  notes(fact: Fact, context: RecipeContext): readonly string[]
}

/** A recipe that knows that it is given only the kinds of facts that `looksAt` names. */
export interface RecipeFor<K extends FactKind> extends RecipeWords {
  readonly looksAt: readonly K[]
  steps(fact: FactOf<K>, context: RecipeContext): Iterable<PlanStep>
  notes(fact: FactOf<K>, context: RecipeContext): readonly string[]
}

export interface RecipeExample {
  /** Earlier migrations, already applied. */
  readonly given: string
  /** The one-shot change. */
  readonly change: string
  /** Rows to start with: SQL run after `given`. */
  readonly rows: string
  /** Statements of the version that runs before the change; must work after every step of expand and backfill. */
  readonly oldQueries: readonly string[]
  /** Statements of the version that knows the change; must work from its release on, and after contract. */
  readonly newQueries: readonly string[]
}

export interface RecipeContext {
  readonly schema: Schema
  /** Major version of the server. */
  readonly target: number
  readonly dialect: Dialect
  /** All facts of the statement. */
  readonly facts: readonly Fact[]
  /** The change's name, for the names of helper objects. */
  readonly change: string
  /** SQL expression that NULLs are replaced with, where the recipe needs one and the user gave one. */
  readonly fill?: string
}

/** Gives `steps` the type of what `looksAt` names. */
export function defineRecipe<const K extends FactKind>(recipe: RecipeFor<K>): Recipe {
  return recipe
}
