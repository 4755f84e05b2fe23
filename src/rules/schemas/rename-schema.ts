import { quoteName } from '../../model/name.ts'
import { isCreatedHere } from '../created.ts'
import { isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { shortName } from '../same-name.ts'

export const renameSchema: Rule = defineRule({
  id: 'rename-schema',
  summary: 'Renaming a schema breaks every query of the running version that names it or finds tables through it.',
  severity: 'error',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['rename-object'],
  sources: ['strong_migrations:rename_schema', 'online_migrations:rename_schema', 'pgfence:rename-schema'],
  why: `One row of the catalogue changes and no table is locked, and yet nothing works any more: qualified names fail, a search_path with the old name finds nothing, bodies of functions still say the old name. There is no alias for a schema. A new schema with a view for each table serves both names until no version uses the old one; a contract step behind a gate is not reported.`,
  examples: [
    {
      given: 'create schema shop;\ncreate table shop.books (id bigint primary key, title text);',
      bad: 'alter schema shop rename to store;',
      good: 'create schema store;\ncreate view store.books as select * from shop.books;',
    },
    {
      given: 'create schema shop;',
      bad: 'alter schema shop rename to "Shop";',
      good: 'create schema scratch;\nalter schema scratch rename to store;',
    },
  ],
  *check(rename, context) {
    if (rename.object !== 'schema' || isPlannedContract(context)) return
    if (isCreatedHere(rename, 'schema', rename.name, context)) return
    const from = rename.name.name
    const tables = context.schema.tables().filter((table) => table.name.schema === from)
    const views = tables.map(
      ({ name }) =>
        `create view ${quoteName(rename.to)}.${quoteName(name.name)} as select * from ${shortName(context.schema, name)};`,
    )
    yield {
      at: rename.span,
      message: `Every query of the running version that names the schema ${quoteName(from)}, or has it in its search_path, fails from the commit on.`,
      instead: [
        `create schema ${quoteName(rename.to)};`,
        ...(views.length === 0 ? ['-- and in it a view for each table'] : views),
      ].join('\n'),
    }
  },
})
