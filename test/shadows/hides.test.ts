import { expect, test } from 'vitest'
import type { ServerFacts } from '../../src/model/server-facts.ts'
import { type Compared, hides } from '../../src/shadows/hides.ts'

const facts: ServerFacts = {
  versionNumber: 180_004,
  encoding: 'UTF8',
  collation: { provider: 'libc', locale: 'C' },
  superuser: true,
  extensions: { pg_trgm: '1.6', vector: '0.8.0' },
  settings: { lock_timeout: '0', search_path: '"$user", public' },
}
const same: Compared = { shadow: facts, sessions: 'many', target: { known: 'all', facts }, extensions: ['pg_trgm'] }

function against(target: Partial<ServerFacts>, more: Partial<Compared> = {}): readonly string[] {
  return hides({ ...same, target: { known: 'all', facts: { ...facts, ...target } }, ...more })
}

test('a target that is the same hides nothing', () => {
  expect(hides(same)).toEqual([])
})

test('one session', () => {
  expect(hides({ ...same, sessions: 'one' })).toEqual([
    'The scratch server has one session: nothing waits for a lock there and no timeout ends a statement, --deadline included, so what needs two sessions is not observed.',
  ])
})

test('another major version, another minor version', () => {
  expect([...against({ versionNumber: 150_003 }), ...against({ versionNumber: 180_001 })]).toEqual([
    'The scratch server is PostgreSQL 18.4, the target 15.3: what the major versions do differently (grammar, locks, rewrites of tables) is not seen.',
    'The scratch server is PostgreSQL 18.4, the target 18.1: an error of the server that one of them has and the other has not is not seen.',
  ])
})

test('an extension of another version, and one that is not there; others do not matter', () => {
  const target = { extensions: { pg_trgm: '1.5' } }
  expect([
    ...against(target),
    ...against(target, { extensions: ['vector'] }),
    ...against(target, { extensions: [] }),
  ]).toEqual([
    'The extension pg_trgm is 1.6 on the scratch server and 1.5 in the target: what its versions do differently is not seen.',
    'The extension vector is 0.8.0 on the scratch server and not installed in the target: whether it can be created there is not seen.',
  ])
})

test('another locale, provider or encoding', () => {
  const sentence = (there: string): string =>
    `Text is UTF8, sorted as C on the scratch server, and ${there} in the target: the order of text, which texts are equal for a unique index, and what fits a column may differ.`
  expect([
    ...against({ collation: { provider: 'libc', locale: 'en_US.utf8' } }),
    ...against({ collation: { provider: 'icu', locale: 'de' } }),
    ...against({ collation: { provider: 'builtin', locale: 'C.UTF-8' } }),
    ...against({ encoding: 'LATIN1' }),
  ]).toEqual(
    [
      'UTF8, sorted as en_US.utf8',
      'UTF8, sorted as de of ICU',
      'UTF8, sorted as C.UTF-8 of the built-in provider',
      'LATIN1, sorted as C',
    ].map(sentence),
  )
})

test('a role without the superuser’s rights, and the other way round', () => {
  expect([...against({ superuser: false }), ...against({}, { shadow: { ...facts, superuser: false } })]).toEqual([
    'Migrations run as a superuser on the scratch server, and not in the target: missing rights, owners and row security are not seen.',
    'Migrations do not run as a superuser on the scratch server, and do in the target: objects get another owner there.',
  ])
})

test('settings that differ are named with both values', () => {
  expect(against({ settings: { lock_timeout: '5s', search_path: '', wal_level: 'logical' } })).toEqual([
    'Settings differ: lock_timeout (0 here, 5s there), search_path ("$user", public here, empty there) and wal_level (none here, logical there).',
  ])
})

test('a target of which little or nothing is known', () => {
  const unseen =
    'known of the target: what differs there from the scratch server (PostgreSQL 18.4, UTF8 sorted as C, a superuser, pg_trgm 1.6) is not seen. With --url they are compared.'
  expect([
    ...hides({ ...same, target: { known: 'nothing' } }),
    ...hides({ ...same, target: { known: 'major', major: 18 } }),
    ...hides({ ...same, target: { known: 'major', major: 14 } }),
  ]).toEqual([
    `Nothing is ${unseen}`,
    `Only the major version 18 is ${unseen}`,
    'The scratch server is PostgreSQL 18.4, the target 14: what the major versions do differently (grammar, locks, rewrites of tables) is not seen.',
    `Only the major version 14 is ${unseen}`,
  ])
})
