/**
 * Joins the modules in `src/` into a few files below `dist/`, beside the declarations that the compiler leaves there: what
 * is loaded together lies in one file (`dist/chunks/`). They are CommonJS, for which Node can keep what V8 made of
 * it (`src/cli/start/`). An `import()` loads only what a command needs; a module is in one file only, so that errors and
 * classes stay the same for whoever imports them. What starts a process of its own is one file by itself.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { rolldown } from 'rolldown'

const root = join(import.meta.dirname, '..')
const source = join(root, 'src')
const built = join(root, 'dist')

/**
 * Packages that are joined as well: of Kysely's 279 modules few are used, and the others are needed by every command. Their
 * licences ask to lie beside them.
 */
const joined = {
  kysely: 'LICENSE',
  commander: 'LICENSE',
  picomatch: 'LICENSE',
  'libpg-query': 'LICENSE',
  '@pgsql/types': 'LICENSE',
  pg: 'LICENSE',
  'pg-connection-string': 'LICENSE',
  'pg-int8': 'LICENSE',
  'pg-pool': 'LICENSE',
  'pg-protocol': 'LICENSE',
  'pg-types': 'README.md',
  'postgres-array': 'license',
  'postgres-bytea': 'license',
  'postgres-date': 'license',
  'postgres-interval': 'license',
  xtend: 'LICENSE',
}

for (const path of readdirSync(built, { recursive: true, encoding: 'utf8' }))
  if (/\.c?js(?:\.map)?$/.test(path)) rmSync(join(built, path))
for (const folder of ['chunks', 'licences']) rmSync(join(built, folder), { recursive: true, force: true })

for (const [name, licence] of Object.entries(joined)) {
  const place = join(built, 'licences', name)
  mkdirSync(dirname(place), { recursive: true })
  copyFileSync(join(root, 'node_modules', name, licence), place)
}

/**
 * What is loaded together, with all that it imports: each group takes what those before it have left. What lint needs is
 * one, because a call from one joined file to another takes longer (2 % of a long lint). First what begins
 * work for another thread. Everything else is joined by who imports it.
 */
const groups = [
  ['first', /[\\/]app[\\/]load-ahead\.ts$/],
  [
    'common',
    /[\\/](?:cli[\\/]main|app[\\/]toolkit|app[\\/]context|core[\\/]log|answers[\\/]lint|app[\\/]write-output|reporters[\\/]registry\.gen)\.ts$/,
  ],
  ['database', /[\\/]answers[\\/](?:up|down|status)\.ts$/],
].map(([name, test], index, all) => ({ name, test, priority: all.length - index }))

const packages = Object.keys(joined)
const isJoined = (id) => /^[./]|^\w:[\\/]/.test(id) || packages.some((name) => id === name || id.startsWith(`${name}/`))

/** commander loads what starts processes (4 ms) for commands that are programs of their own; here is none. */
const startsProcesses = (id, importer = '') =>
  id === 'node:child_process' && /[\\/]node_modules[\\/]commander[\\/]/.test(importer)
const startNothing = {
  name: 'start-nothing',
  resolveId: (id, importer) => (startsProcesses(id, importer) ? '\0nothing' : undefined),
  load: (id) => (id === '\0nothing' ? 'export {}' : undefined),
}

/** A module that the joined ones leave to Node: only there can a file of somebody else be imported. */
const native = 'core/import-file'
const leaveNative = {
  name: 'leave-native',
  resolveId: { filter: { id: /[\\/]import-file\.ts$/ }, handler: () => ({ id: './native.cjs', external: true }) },
}

/** Writes what is not ASCII by its number: Node reads a text in half of the time, and in half of the memory, where all is. */
function toAscii(path) {
  const numbered = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/[^\0-\x7f]/g, numbered))
}

/** Joins what these entries need and writes it. */
async function write(input, output, plugins = []) {
  const bundle = await rolldown({
    input,
    cwd: root,
    platform: 'node',
    external: (id, importer) => !isJoined(id) && !startsProcesses(id, importer),
    plugins,
    transform: { target: 'node20' },
    treeshake: { moduleSideEffects: [{ test: /[\\/]node_modules[\\/]kysely[\\/]/, sideEffects: false }] },
    // An import() of what another part imports anyway loads nothing: the other part may not be there.
    checks: { ineffectiveDynamicImport: false },
    logLevel: 'warn',
  })
  const { output: written } = await bundle.write({ sourcemap: true, ...output })
  await bundle.close()
  for (const { fileName } of written.filter(({ type }) => type === 'chunk'))
    toAscii(output.file ?? join(output.dir, fileName))
  return written
}

// The grammar's script looks for it beside itself.
mkdirSync(join(built, 'chunks'), { recursive: true })
copyFileSync(join(root, 'node_modules/libpg-query/wasm/libpg-query.wasm'), join(built, 'chunks/libpg-query.wasm'))

const parts = await write(
  {
    enter: join(source, 'cli/enter.ts'),
    'enter-thread': join(source, 'cli/enter-thread.ts'),
    index: join(source, 'index.ts'),
  },
  {
    dir: join(built, 'chunks'),
    format: 'cjs',
    exports: 'named',
    // Of packages; what is imported by its address stays an import().
    dynamicImportInCjs: false,
    codeSplitting: { groups },
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
  },
  [leaveNative, startNothing],
)

for (const [path, file, format] of [
  ['cli/start', 'cli/start.cjs', 'cjs'],
  ['cli/start-thread', 'cli/start-thread.cjs', 'cjs'],
  [native, 'chunks/native.cjs', 'cjs'],
  ['record/child', 'record/child.js', 'esm'],
  ['hook/capture-queries', 'hook/capture-queries.js', 'esm'],
])
  await write(join(source, `${path}.ts`), { file: join(built, file), format, codeSplitting: false })

// By name, as modules are imported: what Node finds out about CommonJS by reading it is not asked.
const names = parts.find(({ name }) => name === 'index')?.exports ?? []
const index = `import { createRequire } from 'node:module'
export const { ${names.join(', ')} } = createRequire(import.meta.url)('./chunks/index.cjs')
`
writeFileSync(join(built, 'index.js'), index)
