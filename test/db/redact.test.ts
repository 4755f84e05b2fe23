import { expect, test } from 'vitest'
import { redactUrl } from '../../src/db/redact.ts'

test.each([
  ['postgres://user:secret@host:5432/shop', 'postgres://user:***@host:5432/shop'],
  ['postgres://user:p@ss:w/rd@host/shop', 'postgres://user:***@host/shop'],
  ['postgres://:secret@host/shop', 'postgres://:***@host/shop'],
  ['postgres://user@host/shop', 'postgres://user@host/shop'],
  [
    'postgres://host/shop?user=a&password=secret&sslmode=require',
    'postgres://host/shop?user=a&password=***&sslmode=require',
  ],
  ['postgres://host/shop?sslpassword=secret', 'postgres://host/shop?sslpassword=***'],
  ['user:secret@host', 'user:***@host'],
  ['postgres//user:secret@host/shop', 'postgres//user:***@host/shop'],
  ['"postgres://user:secret@host/shop"', '"postgres://user:***@host/shop"'],
  ['postgres://user:se#c?r/et@host/shop', 'postgres://user:***@host/shop'],
  ['postgres://user:secret@[::1]:5432/shop', 'postgres://user:***@[::1]:5432/shop'],
  ['postgres://user@[::1]:5432/shop', 'postgres://user@[::1]:5432/shop'],
  ['pglite://memory', 'pglite://memory'],
  ['', ''],
])('%s', (url, expected) => {
  expect(redactUrl(url)).toBe(expected)
})
