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

/** Each key that there is, with a value other than its default. */
const full = {
  $schema: 'docs/config.schema.json',
  dir: 'db',
  layout: 'plain',
  url: 'postgres://pooler/shop',
  directUrl: 'postgres://db/shop',
  passwordCommand: ['pass', 'show', 'shop'],
  role: 'shop_owner',
  label: 'production',
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
    snapshot: 'production.json',
    smallTable: { rows: 10_000, bytes: '10MB' },
    cache: false,
    docsUrl: 'https://example.com/lockstep/',
    customRules: [{ id: 'ours', looksAt: [], check: () => [] }],
  },
  run: {
    lockTimeout: '50ms',
    lockTimeoutMost: '2s',
    attempts: 3,
    batchGates: ['replication-lag max-lag:5s'],
    waitForRunner: '10s',
    lease: '30s',
    late: 'apply',
    limits: { brief: '1s', scan: '2h', concurrent: '0s', batch: '5s', queue: '100ms', stall: '3s', gate: '10m' },
  },
  journalSchema: 'journal',
  drift: { ignore: ['public.audit_*'], roles: 'none' },
  safe: {
    schema: 'skip',
    diskFree: '200GB',
    diskCommand: 'df --output=avail /data',
    healthCheck: { command: 'curl -f http://shop/health', timeout: '5s' },
  },
  verify: { level: 'D1', seed: ['seed/*.sql'], deadline: '30s' },
  queries: { dir: 'captured', role: 'shop_app', searchPath: 'shop, public' },
  shadow: { use: 'pglite', url: 'postgres://scratch/postgres', image: 'postgis/postgis:18-3.6' },
}

test('every key that there is', () => {
  expect(checkConfig(full, 'migrate.config.json')).toEqual(full)
  const url = { ...full, safe: { ...full.safe, healthCheck: { url: 'https://shop.example/health' } } }
  expect(checkConfig(url, 'migrate.config.json')).toEqual(url)
})

test('and no other: the keys above are those of the schema', () => {
  const written = new Set([...pathsOf(full), 'safe.healthCheck.url'])
  expect([...written].toSorted()).toEqual(keysOf(configSchema()).toSorted())
})

/** The paths of the keys of a value; rules and options are named by the user. */
function pathsOf(value: unknown, above = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => pathsOf(one, above))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = above === '' ? key : `${above}.${key}`
    return /(?:rules|customRules)$/.test(path) ? [path] : [path, ...pathsOf(inner, path)]
  })
}

/** The paths of the keys of a JSON schema. */
function keysOf(schema: unknown, above = ''): readonly string[] {
  const at = (key: string): unknown => Reflect.get(Object(schema), key)
  return [
    ...Object.entries(Object(at('properties'))).flatMap(([key, inner]) => {
      const path = above === '' ? key : `${above}.${key}`
      return [path, ...keysOf(inner, path)]
    }),
    ...(at('items') === undefined ? [] : keysOf(at('items'), above)),
  ]
}

test.each([
  ['a misspelt key', { drI: 'x' }],
  ['a misspelt key further in', { run: { lockTimeuot: '1s' }, lint: { rule: {} } }],
  ['a directory that is a number', { dir: 1 }],
  ['a server of another time', { target: 13 }],
  ['a target that is no whole number', { target: 15.5 }],
  ['a severity that there is not', { lint: { rules: { 'drop-table': 'fatal' } } }],
  ['a shortened severity', { lint: { failOn: 'warn' } }],
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
