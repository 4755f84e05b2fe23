/**
 * `npm run new -- <kind> <id> [--in <subject>]`: the one file that a new member of a catalogue needs, and everything that
 * is generated from it.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { messageOf } from '../src/core/errors.ts'
import { createMember } from './new/member.ts'

const root = join(import.meta.dirname, '..')
try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { in: { type: 'string' } } })
  const path = createMember(positionals, values.in, root)
  console.log(`${path}\nFill it in; the tests of its catalogue say what is missing. Then: npm run generate`)
  const generate = spawnSync(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'generate.ts')], {
    cwd: root,
    stdio: 'inherit',
  })
  process.exitCode = generate.status ?? 1
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 2
}
