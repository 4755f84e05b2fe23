import type { Recipe, RecipeExample } from '../../src/recipes/recipe.ts'
import { catalogueOf } from './catalogues.ts'
import { memberPage, page, prose, sqlBlock, table } from './markdown.ts'
import { loadMembers } from './members.ts'
import type { Output } from './output.ts'

/** `docs/recipes/<id>.md` for every recipe, and `docs/recipes/index.md`. */
export async function recipePages(root: string): Promise<readonly Output[]> {
  const recipes = (await loadMembers(catalogueOf('recipe'), root, isRecipe)).map(({ value }) => value)
  const rows = recipes.map((recipe) => [`[${recipe.id}](${recipe.id}.md)`, recipe.title, recipe.summary])
  const index = page(
    '# Recipes',
    'Ways through several releases that `migrate plan` knows.',
    table(['recipe', 'operation', 'way'], rows),
  )
  return [
    { path: 'docs/recipes/index.md', text: index },
    ...recipes.map((recipe) => ({ path: `docs/recipes/${recipe.id}.md`, text: recipePage(recipe) })),
  ]
}

function isRecipe(value: unknown): value is Recipe {
  return typeof value === 'object' && value !== null && 'looksAt' in value && 'steps' in value
}

function recipePage(recipe: Recipe): string {
  return memberPage(
    `# ${recipe.id}`,
    `**${recipe.title}.** ${prose(recipe.summary)}`,
    '## Why',
    prose(recipe.why),
    ...recipe.examples.flatMap((example, index) =>
      exampleBlocks(example, recipe.examples.length === 1 ? 'Example' : `Example ${index + 1}`),
    ),
  )
}

function exampleBlocks(example: RecipeExample, heading: string): readonly string[] {
  return [
    `## ${heading}`,
    'Given',
    sqlBlock(example.given),
    'and this change, asked for with `migrate plan -e "…"`:',
    sqlBlock(example.change),
    ...queries('The old version’s statements, which work after every step of expand and backfill:', example.oldQueries),
    ...queries('The new version’s statements, which work from the end of expand on:', example.newQueries),
  ]
}

function queries(words: string, sql: readonly string[]): readonly string[] {
  return sql.length === 0
    ? []
    : [words, sqlBlock(sql.map((statement) => `${statement.trim().replace(/;$/, '')};`).join('\n'))]
}
