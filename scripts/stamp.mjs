/**
 * Writes `dist/stamp.json`: a hash over the built program and the versions of what it depends on. What was found out by
 * another program is not believed (see docs/decisions/cache.md). `--remove` takes it away, which a build begins with: one
 * that ends early leaves some files of each program, and none of the stamps is true of them.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const built = join(root, 'dist')
const stamp = join(built, 'stamp.json')

function stampOfBuilt() {
  const hash = createHash('sha256')
  for (const file of ['package.json', 'node_modules/libpg-query/package.json'])
    hash.update(readFileSync(join(root, file)))
  const modules = readdirSync(built, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'))
  for (const path of modules.toSorted()) hash.update(path).update(readFileSync(join(built, path)))
  return hash.digest('base64url')
}

if (process.argv.includes('--remove')) rmSync(stamp, { force: true })
else writeFileSync(stamp, `${JSON.stringify({ stamp: stampOfBuilt() })}\n`)
