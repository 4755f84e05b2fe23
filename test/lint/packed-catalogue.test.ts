import { beforeAll, expect, test } from 'vitest'
import { exampleHistory } from '../../scripts/measure/example-migrations.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { replayMigration } from '../../src/lint/replay.ts'
import { Catalogue } from '../../src/lint/schema/catalogue.ts'
import { schemaText } from '../../src/lint/schema-text.ts'
import { rules } from '../../src/rules/registry.gen.ts'

beforeAll(() => postgres.load())

const histories = rules.flatMap((rule) =>
  rule.examples.map((example, index) => ({ name: `${rule.id} ${index}`, example })),
)

/** The same where one schema is the other, and follows the same statements in the same way. */
test.each(histories)('a schema that was packed goes on like the one it was made from: $name', ({ example }) => {
  const { given, judged } = exampleHistory(example, 'bad')
  const whole = new Catalogue()
  let packed = new Catalogue()
  for (const migration of [...given, ...judged]) {
    replayMigration(whole, migration)
    packed = Catalogue.unpack(packed.pack())
    replayMigration(packed, migration)
    // What was not asked for is packed as it came.
    expect(schemaText(Catalogue.unpack(packed.pack()))).toBe(schemaText(whole))
  }
  expect(packed.pack()).toEqual(Catalogue.unpack(packed.pack()).pack())
  for (const { name } of whole.tables()) {
    expect(packed.indexesOf(name)).toEqual(whole.indexesOf(name))
    expect(packed.viewsOn(name)).toEqual(whole.viewsOn(name))
    expect(packed.foreignKeysTo(name)).toEqual(whole.foreignKeysTo(name))
    expect(packed.sequencesOf(name)).toEqual(whole.sequencesOf(name))
    expect(packed.isFromStart(name)).toBe(whole.isFromStart(name))
  }
})
