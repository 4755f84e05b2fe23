/** A folder of `src/` that holds many things of one kind, and how a file says that it is one of them. */
export interface Catalogue {
  /** Folder below `src/`, and the name of the exported list. */
  readonly folder: string
  /** The word for one member, as `npm run new -- <kind>` takes it. */
  readonly kind: string
  /** The contract's type; a member is declared with it. */
  readonly type: string
  /** The contract's file, below `folder`. */
  readonly contract: string
  /** The contract's function that gives a member its narrow type, where there is one. */
  readonly define?: string
}

export const catalogues: readonly Catalogue[] = [
  { folder: 'dialects', kind: 'dialect', type: 'Dialect', contract: 'dialect.ts' },
  { folder: 'gates', kind: 'gate', type: 'Gate', contract: 'gate.ts' },
  { folder: 'journals', kind: 'journal', type: 'ToolJournal', contract: 'journal.ts' },
  { folder: 'layouts', kind: 'layout', type: 'Layout', contract: 'layout.ts' },
  { folder: 'recipes', kind: 'recipe', type: 'Recipe', contract: 'recipe.ts', define: 'defineRecipe' },
  { folder: 'reporters', kind: 'reporter', type: 'Reporter', contract: 'reporter.ts' },
  { folder: 'rules', kind: 'rule', type: 'Rule', contract: 'rule.ts', define: 'defineRule' },
  { folder: 'shadows', kind: 'shadow', type: 'Shadow', contract: 'shadow.ts' },
]

/** `drop-column` → `dropColumn`: the name under which a member file exports its member. */
export function camelCase(fileName: string): string {
  return fileName.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** @throws Error when no catalogue has members of this kind */
export function catalogueOf(kind: string): Catalogue {
  const found = catalogues.find((catalogue) => catalogue.kind === kind)
  if (found === undefined) throw new Error(`There is no catalogue of "${kind}".`)
  return found
}
