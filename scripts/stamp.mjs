/**
 * Writes `dist/stamp.json`: a hash over the built program and the versions of what it depends on. What was found out by
 * another program is not believed (see docs/decisions/cache.md). `--remove` takes it away, which a build begins with: one
 * that ends early leaves some files of each program, and none of the stamps is true of them. `--is-current` ends with 0
 * where what is built is of the sources as they are now, so that it need not be built again.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

const root = join(import.meta.dirname, '..')
const built = join(root, 'dist')
const stamp = join(built, 'stamp.json')

/** A hash over files of a folder that are named so, with what they depend on. */
function hashOf(folder, names, besides) {
  const hash = createHash('sha256')
  for (const file of besides) hash.update(readFileSync(join(root, file)))
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => names.test(path))
  for (const path of files.toSorted()) hash.update(path).update(readFileSync(join(folder, path)))
  return hash.digest('base64url')
}

const hashOfBuilt = () => hashOf(built, /\.c?js$/, ['package.json', 'node_modules/libpg-query/package.json'])
const hashOfSources = () => hashOf(join(root, 'src'), /\.ts$/, ['package.json', 'tsconfig.json', 'tsconfig.build.json'])

function isCurrent() {
  if (!existsSync(stamp)) return false
  const written = JSON.parse(readFileSync(stamp, 'utf8'))
  return written.sources === hashOfSources() && written.stamp === hashOfBuilt()
}

if (process.argv.includes('--remove')) rmSync(stamp, { force: true })
else if (process.argv.includes('--is-current')) process.exitCode = isCurrent() ? 0 : 1
else writeFileSync(stamp, `${JSON.stringify({ stamp: hashOfBuilt(), sources: hashOfSources() })}\n`)
