import { expect, test } from 'vitest'
import { checkConfig, configSchema } from '../../src/app/config.ts'
import { loadConfig } from '../../src/app/load-config.ts'
import { directory, migrate } from '../support/cli.ts'
import { refusalOf } from '../support/run.ts'

async function problems(value: unknown): Promise<unknown> {
  const { code, message, details } = await refusalOf(
    Promise.resolve().then(() => checkConfig(value, 'migrate.config.json')),
  )
  return details === undefined ? { code, message } : { code, details }
}

test('without a file the same holds as with an empty one', async () => {
  const cwd = await directory({})
  const { config } = await loadConfig(cwd, undefined)
  expect(config).toEqual(checkConfig({}, 'migrate.config.json'))
})

test('every key that there is', () => {
  const full = {
    dir: 'db',
    layout: 'plain',
    url: 'postgres://db/shop',
    target: 15,
    lint: {
      presets: ['recommended', 'style'],
      rules: { 'drop-table': 'off', truncate: ['warning', { rows: 3 }] },
      overrides: [
        { files: 'old/**', rules: { truncate: 'off' } },
        { files: ['a.sql', 'b.sql'], presets: ['strict'] },
      ],
      failOn: 'error',
      baseline: 'known.json',
      cache: false,
      docsUrl: 'https://example.com/lockstep/',
      customRules: [{ id: 'ours', looksAt: [], check: () => [] }],
    },
    run: { lockTimeout: '50ms', attempts: 3, waitForRunner: '10s', late: 'apply' },
    journalSchema: 'journal',
    drift: { ignore: ['public.audit_*'], roles: 'none' },
    safe: { schema: 'compare' },
    verify: { level: 'D1', seed: ['seed/*.sql'], deadline: '30s' },
    queries: { dir: 'captured', role: 'shop_app', searchPath: 'shop, public' },
    shadow: { use: 'pglite', url: 'postgres://scratch/postgres', image: 'postgis/postgis:18-3.6' },
  }
  expect(checkConfig(full, 'migrate.config.json')).toEqual(full)
  expect(Object.keys(configSchema())).toContain('properties')
})

test.each([
  ['a misspelt key', { drI: 'x' }],
  ['a misspelt key further in', { run: { lockTimeuot: '1s' }, lint: { rule: {} } }],
  ['a directory that is a number', { dir: 1 }],
  ['a server of another time', { target: 13 }],
  ['a target that is no whole number', { target: 15.5 }],
  ['a severity that there is not', { lint: { rules: { 'drop-table': 'fatal' } } }],
  ['a severity in the list that there is not', { lint: { rules: { 'drop-table': ['fatal', {}] } } }],
  ['an option that is a list', { lint: { rules: { 'drop-table': ['error', { columns: [1] }] } } }],
  ['a preset that there is not', { lint: { presets: ['recomended'] } }],
  ['a misspelt key of an override', { lint: { overrides: [{ file: 'old/**', rules: {} }] } }],
  ['a rule that is none', { lint: { customRules: [{ id: 'x' }] } }],
  ['a duration without a unit', { run: { lockTimeout: '50', waitForRunner: 'soon' } }],
  ['no attempts', { run: { attempts: 0 } }],
  ['another policy', { run: { late: 'ignore' } }],
  ['not an object', 'migrations'],
  ['nothing', undefined],
])('%s', async (_, value) => {
  expect(await problems(value)).toMatchSnapshot()
})

test.each([
  ['JSON', { 'migrate.config.json': '{"dir": "db"}' }],
  ['a module', { 'migrate.config.js': 'module.exports = { dir: "db" }', 'package.json': '{"type":"commonjs"}' }],
  ['an ES module', { 'migrate.config.mjs': 'export default { dir: "db" }' }],
  [
    'JSON beside a module, which comes first',
    { 'migrate.config.json': '{"dir": "x"}', 'migrate.config.mjs': 'export default { dir: "db" }' },
  ],
])('a file in %s', async (_, files) => {
  const { config } = await loadConfig(await directory(files), undefined)
  expect(config.dir).toBe('db')
})

test('a file in TypeScript, which older versions of Node do not read', async () => {
  const cwd = await directory({ 'migrate.config.ts': 'const dir: string = "nowhere"\nexport default { dir }\n' })
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const strips = major > 22 || (major === 22 && minor >= 18)
  const { code, stderr } = await migrate(['lint'], { cwd })
  expect(code).toBe(2)
  expect(stderr).toContain(strips ? 'directory-missing' : 'Node 22.18 and newer read TypeScript.')
})

test.each([
  ['a file that does not parse', { 'c.json': '{' }, 'c.json'],
  ['a module that throws', { 'c.mjs': 'throw new Error("no")' }, 'c.mjs'],
  ['no file', {}, 'c.json'],
])('%s', async (_, files, wanted) => {
  expect(await refusalOf(loadConfig(await directory(files), wanted))).toMatchObject({ code: 'config-unreadable' })
})
