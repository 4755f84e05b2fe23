import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMember } from '../../scripts/new/member.ts'

const project = join(import.meta.dirname, '../..')

/** Several programs are started one after the other, each of which reads the whole tree: on a busy machine that takes minutes. */
const patienceMs = 240_000

let copy = ''

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'lockstep-new-'))
  for (const path of ['src', 'scripts', 'docs', 'package.json', 'tsconfig.json'])
    cpSync(join(project, path), join(copy, path), { recursive: true })
  symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'))
})

afterAll(() => rmSync(copy, { recursive: true, force: true }))

function run(script: string, ...words: readonly string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', join('scripts', script), ...words], {
    cwd: copy,
    encoding: 'utf8',
  })
  return { status, stderr: stderr.trim() }
}

/** Every file of the copy with its text. */
function files(): ReadonlyMap<string, string> {
  const paths = ['src', 'scripts', 'docs'].flatMap((folder) =>
    readdirSync(join(copy, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  )
  return new Map(paths.map((path) => [path.slice(copy.length + 1), readFileSync(path, 'utf8')]))
}

function changedSince(before: ReadonlyMap<string, string>): readonly string[] {
  const after = files()
  const paths = new Set([...before.keys(), ...after.keys()])
  return [...paths].filter((path) => before.get(path) !== after.get(path)).toSorted()
}

const extensionRule = `import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const createExtensionAtAll: Rule = defineRule({
  id: 'create-extension-at-all',
  summary: 'An extension is code of somebody else.',
  severity: 'warning',
  hazards: [],
  looksAt: ['create-extension'],
  sources: [],
  why: 'It runs in the server.',
  examples: [{ given: '', bad: 'create extension pgcrypto;' }],
  *check(fact) {
    yield { at: fact.span, message: \`\${fact.extension} is code of somebody else.\` }
  },
})
`

test(
  'one more rule is one hand-written file; the rest is generated, and lint uses it',
  () => {
    const before = files()
    expect(run('new.ts', 'rule', 'create-extension-at-all', '--in', 'extensions')).toEqual({ status: 0, stderr: '' })
    const rule = 'src/rules/extensions/create-extension-at-all.ts'
    writeFileSync(join(copy, rule), extensionRule)
    expect(run('generate.ts', '--check')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('stale: docs/rules/'),
    })
    expect(run('generate.ts')).toEqual({ status: 0, stderr: '' })
    expect(changedSince(before)).toEqual([
      'docs/rules/by-hazard.md',
      'docs/rules/coming-from.md',
      'docs/rules/create-extension-at-all.md',
      'docs/rules/index.md',
      rule,
      'src/rules/ids.gen.ts',
      'src/rules/registry.gen.ts',
    ])
    writeFileSync(join(copy, 'extension.sql'), 'create extension pgcrypto;\n')
    const main = [
      '--import',
      'tsx',
      'src/cli/enter.ts',
      'lint',
      '--layout',
      'plain',
      '--no-config',
      '--json',
      'extension.sql',
    ]
    const lint = spawnSync(process.execPath, main, { cwd: copy, encoding: 'utf8' })
    expect(JSON.parse(lint.stdout)).toMatchObject({
      findings: [{ rule: 'create-extension-at-all', message: 'pgcrypto is code of somebody else.' }],
    })
  },
  patienceMs,
)

test(
  'what it writes for every kind of member compiles',
  () => {
    for (const kind of ['rule', 'recipe', 'gate', 'reporter', 'layout', 'shadow'])
      createMember([kind, 'scaffolded'], undefined, copy)
    createMember(['rule', 'scaffolded-below'], 'subject', copy)
    createMember(['shadow', 'scaffolded-below'], 'subject', copy)
    expect(run('generate.ts')).toEqual({ status: 0, stderr: '' })
    const tsc = spawnSync(join('node_modules', '.bin', 'tsc'), ['--noEmit'], { cwd: copy, encoding: 'utf8' })
    expect({ status: tsc.status, stdout: tsc.stdout }).toEqual({ status: 0, stdout: '' })
  },
  patienceMs,
)

test.each([
  [['rule', 'Drop Column'], '"Drop Column" is not a name in kebab case, such as drop-column.'],
  [['rule', 'drop-column', '--in', '../elsewhere'], '".." is not a name in kebab case, such as drop-column.'],
  [
    ['rule', 'drop-column'],
    /^There is a rule "drop-column" already: src\/rules\/.*drop-column\.ts\. Choose another id\.$/,
  ],
  [['rule', 'rule'], '"rule" is the name of the contract\'s file. Choose another id.'],
  [['rul', 'other'], '"rul" is not a kind of member. Did you mean "rule"?'],
  [['rule'], /^Usage: npm run new -- <kind> <id>/],
])('refuses %j and writes nothing', (words, message) => {
  const before = files()
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { in: { type: 'string' } },
  })
  expect(() => createMember(positionals, values.in, copy)).toThrow(message)
  expect(changedSince(before)).toEqual([])
})

test('what is refused ends with exit code 2 and one line', () => {
  expect(run('new.ts', 'rul', 'other')).toEqual({
    status: 2,
    stderr: '"rul" is not a kind of member. Did you mean "rule"?',
  })
})
