import { nameText } from '../../model/name.ts'
import { bringsConstraints, broughtOf } from '../brought-constraints.ts'
import { columnList } from '../constraint-sql.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const deferrableKey: Rule = defineRule({
  id: 'deferrable-key',
  summary: 'A DEFERRABLE key cannot be referenced by foreign keys nor used by ON CONFLICT.',
  severity: 'info',
  preset: 'strict',
  hazards: ['fails'],
  looksAt: bringsConstraints,
  sources: ['lockstep:deferrable-key'],
  why: `The server may only learn at COMMIT whether the rows of a deferrable UNIQUE or PRIMARY KEY are unique, so it does not let other statements rely on it: INSERT … ON CONFLICT over its columns fails with SQLSTATE 55000, a foreign key that would reference it too, and a logical replica cannot find rows by it. Rows that swap their values in one UPDATE are what it is for.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'create table shelves (id bigint primary key, place int unique deferrable initially deferred);',
      good: 'create table shelves (id bigint primary key, place int unique);',
    },
    {
      given:
        'create table shelves (id bigint primary key, place int not null);\ncreate unique index shelves_place_idx on shelves (place);',
      bad: 'alter table shelves add constraint shelves_place_key unique using index shelves_place_idx deferrable;',
      good: 'alter table shelves add constraint shelves_place_key unique using index shelves_place_idx;',
    },
  ],
  *check(fact) {
    for (const key of [...broughtOf(fact, 'primary-key'), ...broughtOf(fact, 'unique')]) {
      if (!key.deferrable) continue
      const columns = key.columns.length === 0 ? 'its columns' : columnList(key.columns)
      yield {
        at: key.span,
        message: `ON CONFLICT over ${columns} of ${nameText(fact.table)} fails, and so does a foreign key that would reference ${columns}, because the key is deferrable.`,
        instead: `${key.type === 'unique' ? 'unique' : 'primary key'} ${key.columns.length === 0 ? '…' : columns} not deferrable`,
      }
    }
  },
})
