import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const copy = mkdtempSync(join(tmpdir(), 'lockstep-build-'))
afterAll(() => rmSync(copy, { recursive: true, force: true }))

/** A package with the scripts of this one and a program of a line. */
for (const path of ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts']) {
  cpSync(join(root, path), join(copy, path), { recursive: true })
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
for (const folder of ['src/cli', 'src/core', 'src/record', 'src/hook'])
  mkdirSync(join(copy, folder), { recursive: true })
const commandLine = ['cli/start', 'cli/enter', 'cli/start-thread', 'cli/enter-thread']
for (const entry of [...commandLine, 'core/import-file', 'index', 'record/child', 'hook/capture-queries']) {
  writeFileSync(join(copy, `src/${entry}.ts`), 'export const answer: number = 42\n')
}

const build = (): number | null =>
  spawnSync('npm', ['run', 'build'], { cwd: copy, shell: process.platform === 'win32' }).status
const stamp = join(copy, 'dist/stamp.json')

test('a build that fails leaves no stamp, so that nothing believes what an older program found out', () => {
  expect({ status: build(), stamped: existsSync(stamp) }).toEqual({ status: 0, stamped: true })
  writeFileSync(join(copy, 'src/index.ts'), `export const answer: number = 'no number'\n`)
  expect({ status: build(), stamped: existsSync(stamp) }).toEqual({ status: 2, stamped: false })
})

test('what is built is known to be of the sources as they are, or not', () => {
  const isCurrent = (): boolean =>
    spawnSync(process.execPath, ['scripts/stamp.mjs', '--is-current'], { cwd: copy }).status === 0
  writeFileSync(join(copy, 'src/index.ts'), 'export const answer: number = 43\n')
  const before = isCurrent()
  build()
  const after = isCurrent()
  writeFileSync(join(copy, 'dist/index.js'), 'export const answer = 44\n')
  expect([before, after, isCurrent()]).toEqual([false, true, false])
})
