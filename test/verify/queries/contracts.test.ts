import { describe, expect, test } from 'vitest'
import type { ReleaseContract } from '../../../src/model/captured.ts'
import { contractsByMigration, queryHashes } from '../../../src/verify/queries/contracts.ts'
import { captured } from './asking.ts'

const ids = ['1', '2', '3', '4']

function contract(release: string, migration: string | null, ...queries: readonly string[]): ReleaseContract {
  return { release, migration, role: null, searchPath: null, statements: queries.map((sql) => captured(sql)) }
}

describe('a migration has to keep', () => {
  test.each([
    ['the newest release before it', [contract('a', '1'), contract('b', '3')], ['2: a', '3: a', '4: b']],
    [
      'releases that were captured together',
      [contract('api', '2'), contract('worker', '2')],
      ['3: api worker', '4: api worker'],
    ],
    ['those of which nobody knows when', [contract('a', null)], ['1: a', '2: a', '3: a', '4: a']],
    ['both', [contract('a', null), contract('b', '3')], ['1: a', '2: a', '3: a', '4: b a']],
    ['one whose migration is gone, by its place', [contract('a', '25')], ['3: a', '4: a']],
    ['nothing that was captured after it', [contract('a', '4')], []],
  ])('%s', (_title, contracts, expected) => {
    const found = [...contractsByMigration(ids, contracts)].map(
      ([id, own]) => `${id}: ${own.map(({ release }) => release).join(' ')}`,
    )
    expect(found).toEqual(expected)
  })
})

test('the hash changes with the statements and not with the order of the files', () => {
  const history = ids.map((id) => ({ id }))
  const hash = (...contracts: readonly ReleaseContract[]): string | undefined =>
    queryHashes(history, contracts).get('4')
  const [a, b] = [contract('a', '1', 'select 1'), contract('b', '1', 'select 2')]
  expect(hash(a, b)).toBe(hash(b, a))
  expect(hash(a, b)).not.toBe(hash(a, contract('b', '1', 'select 3')))
  expect(queryHashes(history, [])).toEqual(new Map())
})
