import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { catalogues } from '../scripts/generate/catalogues.ts'
import { membersOf } from '../scripts/generate/members.ts'

/** Who may import whom, below `src/`: the first part of the path, or a file. Type imports count. Reasons: docs/architecture.md. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  model: ['core'],
  sql: ['core', 'model'],
  db: ['core', 'model'],
  dialects: ['core', 'model', 'sql'],
  layouts: ['core', 'model', 'sql'],
  journals: ['core', 'model'],
  rules: ['core', 'model'],
  gates: ['core', 'model'],
  reporters: ['core', 'model'],
  recipes: ['core', 'model', 'dialects/dialect.ts'],
  shadows: ['core', 'model', 'db'],
  record: ['core', 'model'],
  // Runs inside of applications: nothing of ours comes with it.
  hook: [],
  lint: ['core', 'model', 'sql', 'rules/rule.ts', 'dialects/dialect.ts'],
  fixes: ['core', 'model', 'lint', 'layouts/layout.ts'],
  plan: ['core', 'model', 'recipes/recipe.ts', 'dialects/dialect.ts'],
  capture: ['core', 'model', 'sql', 'db', 'dialects/dialect.ts'],
  verify: ['core', 'model', 'db', 'dialects/dialect.ts', 'shadows/shadow.ts'],
  backfill: ['core', 'model', 'db', 'dialects/dialect.ts', 'shadows/shadow.ts'],
  run: ['core', 'model', 'db', 'backfill', 'gates/gate.ts', 'dialects/dialect.ts'],
  app: ['*'],
  cli: ['core', 'model', 'app'],
  'index.ts': ['*'],
}

/** Packages that only some folders may import; all others are nobody's but what Node brings. */
const packages: Readonly<Record<string, readonly string[]>> = {
  pg: ['db'],
  'pg-protocol': ['db'],
  kysely: ['db', 'run'],
  '@electric-sql/pglite': ['db', 'shadows'],
  testcontainers: ['shadows'],
  'libpg-query': ['dialects'],
  'pgsql-deparser': ['dialects'],
  commander: ['cli'],
  'cli-progress': ['cli'],
  pino: ['cli'],
  zod: ['app'],
  picomatch: ['app'],
  diff: ['app'],
}

const source = join(import.meta.dirname, '../src')
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, folder: path.split('/')[0] ?? '', text: readFileSync(join(source, path), 'utf8') }))
const members = new Set(
  catalogues.flatMap((kind) => membersOf(kind, join(source, '..')).map(({ path }) => `${kind.folder}/${path}`)),
)
const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')

/** What a file imports: `import … from`, `export … from`, `import '…'`, and `import('…')`, also in types. */
function importsOf(text: string): readonly string[] {
  const forms = /^(?:import|export)\s+[\w*{}\s,$]+\sfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm
  return [...withoutComments(text).matchAll(forms)].map(([, named, bare, dynamic]) => named ?? bare ?? dynamic ?? '')
}

function mayReach(from: (typeof files)[number], imported: string): boolean {
  if (imported.startsWith('node:')) return true
  if (!imported.startsWith('.')) return packages[imported]?.includes(from.folder) ?? false
  const to = normalize(join(dirname(from.path), imported))
  if (to.startsWith('..')) return false
  const fromRegistry = from.path.endsWith('.gen.ts')
  if (members.has(to) && from.folder !== 'app' && from.folder !== 'index.ts' && !fromRegistry) return false
  const folder = to.split('/')[0] ?? ''
  return folder === from.folder || (mayImport[from.folder] ?? []).some((allowed) => ['*', folder, to].includes(allowed))
}

test('every import is one that the table of layers allows, and members import no other member', () => {
  const broken = files.flatMap((file) =>
    importsOf(file.text)
      .filter((imported) => !mayReach(file, imported))
      .map((imported) => `src/${file.path} imports ${imported}`),
  )
  expect(broken).toEqual([])
})

test('only the command line talks to the process; what starts servers may know where it runs', () => {
  const talks = /\bconsole\.|\bprocess\.(?:exit|std|argv|chdir)/
  const knows = /\bprocess[.[]/
  const touching = files.filter(({ folder, text }) => {
    if (folder === 'cli') return false
    return (['db', 'shadows', 'record', 'hook'].includes(folder) ? talks : knows).test(withoutComments(text))
  })
  expect(touching.map((file) => `src/${file.path}`)).toEqual([])
})

test('every folder and file below src is in the table', () => {
  expect([...new Set(files.map((file) => file.folder))].filter((folder) => !(folder in mayImport))).toEqual([])
})
