/**
 * Writes `dist/stamp.json`: a hash over the built program and the versions of what it depends on. What was found out by
 * another program is not believed (see docs/decisions/cache.md).
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const built = join(root, 'dist')

const hash = createHash('sha256')
for (const file of ['package.json', 'node_modules/libpg-query/package.json'])
  hash.update(readFileSync(join(root, file)))
const modules = readdirSync(built, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'))
for (const path of modules.toSorted()) hash.update(path).update(readFileSync(join(built, path)))
writeFileSync(join(built, 'stamp.json'), `${JSON.stringify({ stamp: hash.digest('base64url') })}\n`)
