import { expect, test } from 'vitest'
import { contractText } from '../../src/capture/contract-text.ts'
import { createContext } from '../../src/app/context.ts'
import { readReleaseContracts } from '../../src/app/release-contracts.ts'
import { silentLog } from '../../src/core/log.ts'
import type { ReleaseContract } from '../../src/model/captured.ts'
import { directory } from '../support/cli.ts'
import { refusalOf } from '../support/run.ts'

const contract = (release: string): ReleaseContract => ({
  release,
  migration: null,
  role: null,
  searchPath: null,
  statements: [{ sql: 'select 1', parameters: [], calls: null, from: 'file' }],
})

async function read(files: Readonly<Record<string, string>>): Promise<readonly ReleaseContract[]> {
  const cwd = await directory(files)
  return readReleaseContracts(await createContext({ cwd, env: {}, log: silentLog }))
}

test('the releases of the directory; other files are left alone', async () => {
  const files = {
    'migrations/queries/2.jsonl': contractText(contract('2')),
    'migrations/queries/1.jsonl': contractText(contract('1')),
    'migrations/queries/README.md': 'what this is',
  }
  expect(await read(files)).toEqual([contract('1'), contract('2')])
  expect(await read({})).toEqual([])
})

test('the configuration names another directory', async () => {
  const files = {
    'migrate.config.json': JSON.stringify({ queries: { dir: 'contracts' } }),
    'contracts/1.jsonl': contractText(contract('1')),
  }
  expect(await read(files)).toEqual([contract('1')])
})

test('a file that is not ours, and a release that is there twice, are errors', async () => {
  expect(await refusalOf(read({ 'migrations/queries/1.jsonl': '{}' }))).toMatchSnapshot('not ours')
  const twice = { 'migrations/queries/1.jsonl': contractText(contract('1')) }
  expect(
    await refusalOf(read({ ...twice, 'migrations/queries/a.jsonl': contractText(contract('1')) })),
  ).toMatchSnapshot('twice')
})
