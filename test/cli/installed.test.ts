import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const project = mkdtempSync(join(tmpdir(), 'lockstep-installed-'))
const modules = join(project, 'node_modules')
const home = join(project, 'home')
afterAll(() => rmSync(project, { recursive: true, force: true }))

/** The package as the registry would hold it, in a project that has what it depends on. */
beforeAll(() => {
  const shell = process.platform === 'win32'
  const packing = spawnSync('npm', ['pack', '--ignore-scripts', '--pack-destination', project], { cwd: root, shell })
  const archive = readdirSync(project).find((name) => name.endsWith('.tgz')) ?? packing.stderr.toString()
  mkdirSync(join(modules, 'lockstep'), { recursive: true })
  spawnSync('tar', ['-xzf', archive, '--strip-components', '1', '-C', 'node_modules/lockstep'], { cwd: project })
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction')
  }
  writeFileSync(join(project, 'drop.sql'), 'drop table books;\n')
  writeFileSync(
    join(project, 'migrate.config.mjs'),
    `import { ToolkitError } from 'lockstep'\nthrow new ToolkitError({ code: 'config-invalid', message: 'Ours.', hint: 'None.' })\n`,
  )
})

function run(words: readonly string[], env: NodeJS.ProcessEnv = {}): readonly unknown[] {
  const bin = join(modules, 'lockstep/bin/migrate.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...words], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: home, ...env },
  })
  return [status, stdout, stderr]
}

const lint = ['lint', '--layout', 'plain', '--no-config', '--no-cache', '--no-color', 'drop.sql']
const kept = (folder: string): number => readdirSync(folder).filter((name) => name.startsWith('code-lint-')).length

test('what was kept of an earlier run, and where, changes no answer', () => {
  const never = run(lint, { NODE_DISABLE_COMPILE_CACHE: '1' })
  const [first, second] = [run(lint), run(lint)]
  const beside = join(modules, '.cache')
  const inProject = kept(join(beside, 'lockstep'))
  // A file where the directory would be is as little writable to an administrator, who may run this.
  rmSync(beside, { recursive: true })
  writeFileSync(beside, '')
  const [third, fourth] = [run(lint), run(lint)]
  const inHome = kept(join(home, 'lockstep'))
  rmSync(home, { recursive: true })
  writeFileSync(home, '')
  const nowhere = run(lint)
  expect({ never, inProject, inHome }).toEqual({
    never: [1, expect.stringContaining('drop-table'), ''],
    inProject: 1,
    inHome: 1,
  })
  expect([first, second, third, fourth, nowhere]).toEqual(Array.from({ length: 5 }, () => never))
})

test('a configuration may import the package, whether code is kept or not', () => {
  const words = ['lint', '--layout', 'plain', 'drop.sql', '--json']
  const [status, stdout] = run(words)
  const unkept = run(words, { NODE_DISABLE_COMPILE_CACHE: '1' })
  expect({ status, stdout, same: unkept.slice(0, 2) }).toEqual({
    status: 2,
    stdout: expect.stringContaining('"message": "The configuration \\"migrate.config.mjs\\" cannot be read: Ours."'),
    same: [status, stdout],
  })
})
