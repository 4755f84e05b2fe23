import { expect, test } from 'vitest'
import { memoryStore } from '../../src/core/store.ts'
import { proofVersion } from '../../src/model/proof.ts'
import type { Proof, ProofKey } from '../../src/model/proof.ts'
import { parseProof, proofState, proofText, staleness } from '../../src/verify/proof-files.ts'
import { areKeyed, proofKeys } from '../../src/verify/proof-key.ts'
import { dialect, migrations, upDown } from './migrations.ts'

const shop = upDown('create table books (id int, title text)', 'drop table books')
const isbn = upDown('alter table books add column isbn text', 'alter table books drop column isbn')

/** The key of the last migration. */
async function keyOf(...texts: readonly string[]): Promise<ProofKey> {
  const key = proofKeys(await migrations(...texts), dialect).at(-1)
  if (key === undefined) throw new Error('no migration')
  return key
}

function proofOf({ seed, ...key }: ProofKey): Proof {
  return {
    version: proofVersion,
    ...key,
    level: 'D2',
    levels: [
      { level: 'D0', standing: 'proven', evidence: 'seen' },
      { level: 'D1', standing: 'proven', evidence: 'seen' },
      { level: 'D2', standing: 'proven', evidence: 'seen' },
    ],
    before: 'b',
    after: 'a',
    changes: {},
    columnOrderDiffers: false,
    seed: { rows: 50, hash: seed },
    queries: null,
    locks: null,
    server: 'PostgreSQL 18.4',
    shadow: 'a test',
    hides: [],
    tool: 'test',
  }
}

test('a proof is written and read back', async () => {
  const proof = proofOf(await keyOf(shop, isbn))
  expect(parseProof(proofText(proof))).toEqual({ proof })
})

test.each([
  [
    'comments',
    [shop, upDown('alter table books add column /* the number */ isbn text', 'alter table books drop column isbn')],
  ],
  [
    'white space and case',
    [shop, upDown('ALTER TABLE books\n  ADD COLUMN isbn text', 'alter table books drop column isbn')],
  ],
  ['comments before it', [`-- more\n${shop}`, isbn]],
  ['a downgrade before it', [upDown('create table books (id int, title text)', 'drop table if exists books'), isbn]],
])('a proof outlives %s', async (_title, texts) => {
  expect(proofState(proofOf(await keyOf(shop, isbn)), await keyOf(...texts))).toBe('valid')
})

test.each([
  ['Its upgrade', [shop, isbn.replace('add column isbn text', 'add column isbn varchar')]],
  ['Its upgrade', [shop, isbn.replace('-- migrate:up', '-- migrate:up transaction:false')]],
  ['Its upgrade', [shop, `-- migrate:backfill table:books key:id\n${isbn}`]],
  ['Its downgrade', [shop, isbn.replace('drop column isbn', 'drop column ean')]],
  ['Its downgrade', [shop, isbn.replace('-- migrate:down', '-- migrate:down transaction:false')]],
  ['Its downgrade', [shop, isbn.replace(/-- migrate:down[^]*/, '-- migrate:down none because it stays\n')]],
  [
    'What its downgrade is declared to lose',
    [shop, isbn.replace('migrate:down\n', 'migrate:down\n-- migrate:down-loses books.isbn\n')],
  ],
  ['The history before it', [shop.replace('title text', 'title varchar'), isbn]],
])('a proof is stale after a change: %s', async (what, texts) => {
  const proof = proofOf(await keyOf(shop, isbn))
  const key = await keyOf(...texts)
  expect([proofState(proof, key), staleness(proof, key)]).toEqual([
    'stale',
    `${what} was changed after it had been verified.`,
  ])
})

test('another order before it, and seeds, and queries, are other keys', async () => {
  const history = await migrations(shop, upDown('create table notes (id int)', 'drop table notes'), isbn)
  const [first, second, third] = history
  if (first === undefined || second === undefined || third === undefined) throw new Error('no migration')
  const key = proofKeys(history, dialect).at(-1)
  const swapped = proofKeys([second, first, third], dialect).at(-1)
  const seeded = proofKeys(history, dialect, { seed: 's', queries: new Map([[third.id, 'q']]) }).at(-1)
  expect(swapped?.history).not.toBe(key?.history)
  expect(seeded).toEqual({ ...key, seed: 's', queries: 'q' })
})

test('what is no proof of this version is missing, with a word', () => {
  const texts = ['', '{', '{}', 'null', '{"version": 2}', '{"version": 4}', '{"version": 3}']
  expect(texts.map(parseProof)).toEqual([
    { problem: 'Its proof is damaged.' },
    { problem: 'Its proof is damaged.' },
    { problem: 'Its proof is damaged.' },
    { problem: 'Its proof is damaged.' },
    { problem: 'Its proof is of an older version that says less (version 2, not 3).' },
    { problem: 'Its proof is of a newer version of this tool (version 4, not 3).' },
    { problem: 'Its proof is damaged.' },
  ])
})

test('keys are known again without the grammar', async () => {
  const history = await migrations(shop, isbn)
  const store = memoryStore()
  const before = areKeyed(history, store)
  const keys = proofKeys(history, dialect, {}, store)
  const unable = { ...dialect, meaning: () => expect.unreachable() }
  expect([before, areKeyed(history, store)]).toEqual([false, true])
  expect(proofKeys(history, unable, {}, store)).toEqual(keys)
})
