import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contractText } from '../../src/capture/contract-text.ts'
import { readContract } from '../../src/capture/read-contract.ts'
import { captureSources } from '../../src/model/captured.ts'
import type { CapturedStatement, ReleaseContract } from '../../src/model/captured.ts'
import { refusalOf } from '../support/run.ts'

const parameter = fc.record(
  {
    type: fc.option(fc.constantFrom('int8', 'text'), { nil: null }),
    values: fc.array(fc.option(fc.string(), { nil: null }), { maxLength: 4 }),
  },
  { requiredKeys: ['type'] },
)
const statement: fc.Arbitrary<CapturedStatement> = fc.record(
  {
    sql: fc.oneof(fc.constantFrom('select 1', 'select $1'), fc.string({ minLength: 1, unit: 'binary' })),
    parameters: fc.array(parameter, { maxLength: 3 }),
    calls: fc.option(fc.nat(), { nil: null }),
    from: fc.constantFrom(...captureSources),
    place: fc.string({ minLength: 1 }),
    repaired: fc.array(fc.string(), { maxLength: 2 }),
  },
  { requiredKeys: ['sql', 'parameters', 'calls', 'from'] },
)
const contract: fc.Arbitrary<ReleaseContract> = fc.record({
  release: fc.string({ minLength: 1 }),
  migration: fc.option(fc.string(), { nil: null }),
  role: fc.option(fc.string(), { nil: null }),
  searchPath: fc.option(fc.string(), { nil: null }),
  statements: fc.array(statement, { maxLength: 8 }),
})

test('what is written is read back, and written again it is the same bytes in whatever order', () => {
  fc.assert(
    fc.property(contract, (one) => {
      const text = contractText(one)
      const read = readContract(text, 'a.jsonl')
      expect(contractText(read)).toBe(text)
      expect(read.statements).toHaveLength(text.trimEnd().split('\n').length - 1)
      expect(contractText({ ...one, statements: one.statements.toReversed() })).toBe(text)
    }),
  )
})

test('the format', () => {
  const read: CapturedStatement = { sql: 'select $1', parameters: [{ type: 'int8' }], calls: 2, from: 'hook' }
  const logged: CapturedStatement = {
    sql: 'select $1',
    parameters: [{ type: 'int8', values: ['2', null] }],
    calls: 3,
    from: 'log',
    place: 'server.log:7',
    repaired: ['a constant'],
  }
  const untyped: CapturedStatement = { sql: 'select $1', parameters: [{ type: null }], calls: null, from: 'file' }
  const statements = [logged, untyped, read]
  const header = { release: '2026.11.1', migration: '20261101093000', role: 'shop_app', searchPath: 'shop, public' }
  expect(contractText({ ...header, statements })).toMatchInlineSnapshot(`
    "{"lockstep":"queries","version":1,"release":"2026.11.1","migration":"20261101093000","role":"shop_app","searchPath":"shop, public","source":["hook","file"]}
    {"sql":"select $1","parameters":[{"type":"int8","values":["2",null]}],"calls":5,"from":"hook","place":"server.log:7"}
    {"sql":"select $1","parameters":[{"type":null}],"calls":null,"from":"file"}
    "
  `)
})

const header =
  '{"lockstep":"queries","version":1,"release":"1","migration":null,"role":null,"searchPath":null,"source":[]}'
const line = '{"sql":"select 1","parameters":[],"calls":1,"from":"hook"}'

test('several processes may have written to one file, each with its header', () => {
  const { statements } = readContract(`${header}\n${line}\n${header}\n\n${line}\n`, 'a.jsonl')
  expect(statements).toEqual([{ sql: 'select 1', parameters: [], calls: 2, from: 'hook' }])
})

test.each([
  ['nothing', ''],
  ['no JSON', 'select 1'],
  ['a list', '[]'],
  ['another file of JSON lines', '{"level":30,"msg":"hello"}'],
  ['a statement without a header', line],
  ['another kind of file', '{"lockstep":"plan","version":1}'],
  ['a newer version', header.replace('"version":1', '"version":2,"more":true')],
  ['a version that is none', header.replace('"version":1', '"version":"1"')],
  ['an unknown field of the header', header.replace('"role"', '"roles"')],
  ['a header without its release', header.replace('"release":"1",', '')],
  ['an unknown source', header.replace('[]', '["psql"]')],
  ['two releases', `${header}\n${header.replace('"release":"1"', '"release":"2"')}`],
  ['an unknown field', `${header}\n${line.replace('"calls"', '"call"')}`],
  ['a statement without text', `${header}\n${line.replace('select 1', '')}`],
  ['half a count', `${header}\n${line.replace(':1,', ':1.5,')}`],
  ['parameters that are no list', `${header}\n${line.replace('[]', '{}')}`],
  ['a parameter without a type', `${header}\n${line.replace('[]', '[{}]')}`],
  ['values that are no texts', `${header}\n${line.replace('[]', '[{"type":null,"values":[1]}]')}`],
  ['a line that was cut off', `${header}\n${line}\n${line.slice(0, 20)}`],
])('%s is refused with the line', async (_, text) => {
  const { code, message, at } = await refusalOf(Promise.resolve().then(() => readContract(text, 'a.jsonl')))
  expect({ code, message, at }).toMatchSnapshot()
})
