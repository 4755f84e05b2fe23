import { expect, test } from 'vitest'
import { createDatabase, serverMajor } from '../support/postgres.ts'

test('a session knows its server', async () => {
  const connection = await (await createDatabase()).connect()
  expect({ kind: connection.kind, major: Math.floor(connection.versionNumber / 10_000) }).toEqual({
    kind: 'server',
    major: serverMajor(),
  })
})
