/**
 * Joins the compiled modules in `dist/` into a few: what is loaded together lies in one file (`dist/chunks/`). Node 20
 * takes some 100 ms for the two hundred files that a `migrate lint` would load otherwise, and a third of that for these.
 * An `import()` stays one and loads only what a command needs; a module is in one file only, so that errors and classes
 * stay the same for whoever imports them.
 */
import { copyFileSync, readdirSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const built = join(import.meta.dirname, '../dist')

/** What Node is started with, what `package.json` exports, and what a process of our own runs. */
const entries = ['cli/start', 'index', 'record/child', 'hook/capture-queries']

/**
 * Joined as well, without what nobody uses of it: its 279 modules take Node 20 some 60 ms. Other packages are small. Its
 * licence asks to lie beside it.
 */
const kysely = fileURLToPath(import.meta.resolve('kysely'))
copyFileSync(join(dirname(kysely), '../../LICENSE'), join(built, 'kysely-LICENSE'))
const joinKysely = {
  name: 'join-kysely',
  setup: ({ onResolve }) => onResolve({ filter: /^kysely$/ }, () => ({ path: kysely, sideEffects: false })),
}

rmSync(join(built, 'chunks'), { recursive: true, force: true })
const { outputFiles } = await build({
  entryPoints: entries.map((entry) => join(built, `${entry}.js`)),
  outbase: built,
  outdir: built,
  // All lie one directory deep, as most modules did: what they find by `import.meta.url` they find from there.
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  packages: 'external',
  plugins: [joinKysely],
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
  write: false,
  allowOverwrite: true,
})
// The declarations stay as they are.
for (const path of readdirSync(built, { recursive: true, encoding: 'utf8' }))
  if (/\.js(?:\.map)?$/.test(path)) rmSync(join(built, path))
for (const { path, contents } of outputFiles) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, contents)
}
