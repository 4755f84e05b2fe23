import { catalogueOf, catalogues } from './catalogues.ts'
import { cliOutputs } from './cli-pages.ts'
import { configSchemaFile } from './config-schema.ts'
import { errorPage } from './error-page.ts'
import { gatePages } from './gate-pages.ts'
import { journalPages } from './journal-pages.ts'
import { layoutPages } from './layout-pages.ts'
import { membersOf } from './members.ts'
import type { Stage } from './output.ts'
import { recipePages } from './recipe-pages.ts'
import { idsText, registryText } from './registry.ts'
import { rulePages } from './rule-pages.ts'

/** The lists of members. They come first: the program, which a page is made from, imports them. */
export function registryOutputs(root: string): Stage {
  const outputs = catalogues.map((catalogue) => ({
    path: `src/${catalogue.folder}/registry.gen.ts`,
    text: registryText(catalogue, membersOf(catalogue, root)),
  }))
  const ids = [catalogueOf('reporter'), catalogueOf('rule')].map((catalogue) => ({
    path: `src/${catalogue.folder}/ids.gen.ts`,
    text: idsText(catalogue, membersOf(catalogue, root)),
  }))
  return { outputs: [...outputs, ...ids], ownedFolders: [] }
}

/** The reference pages, the schema of the configuration, and the README with its block of commands. */
export async function pageOutputs(root: string): Promise<Stage> {
  const outputs = [
    ...(await rulePages(root)),
    ...(await recipePages(root)),
    ...(await gatePages(root)),
    ...(await layoutPages(root)),
    ...(await journalPages(root)),
    errorPage(),
    configSchemaFile(),
    ...(await cliOutputs(root)),
  ]
  return { outputs, ownedFolders: ['docs/rules', 'docs/recipes', 'docs/gates', 'docs/layouts', 'docs/journals'] }
}
