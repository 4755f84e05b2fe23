import type { Name } from '../../model/name.ts'
import { nameText } from '../../model/name.ts'
import type { FactOf } from '../../model/fact.ts'
import { listOf } from '../../core/text.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const inheritFromTable: Rule = defineRule({
  id: 'inherit-from-table',
  summary: 'A table that inherits from another shows its rows in every query of that one, and makes its DDL lock both.',
  severity: 'warning',
  preset: 'strict',
  hazards: ['breaks-running-version', 'blocks-reads', 'blocks-writes'],
  looksAt: ['create-table', 'change-table'],
  sources: ['lockstep:inherit-from-table'],
  why: `From the commit on SELECT, UPDATE and DELETE on the parent include the rows of the heir, unless they say ONLY. Primary keys, unique constraints and foreign keys of the parent do not apply to those rows. CREATE TABLE … INHERITS takes SHARE UPDATE EXCLUSIVE on the parent, which waits for VACUUM and other DDL; ALTER TABLE … INHERIT takes ACCESS EXCLUSIVE on the heir as well, and later changes of the parent lock all heirs.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'create table rare_books (primary key (id)) inherits (books);',
      good: `create table media (id bigint primary key);
create table films (primary key (id)) inherits (media);`,
    },
    {
      given: `create table books (id bigint primary key, title text);
create table rare_books (id bigint primary key, title text);`,
      bad: 'alter table rare_books inherit books;',
      good: 'create view all_books as select id, title from books union all select id, title from rare_books;',
    },
  ],
  *check(fact, context) {
    const parents = parentsOf(fact).filter((name) => !isPrivate(name, context))
    if (parents.length === 0) return
    yield {
      at: fact.span,
      message: `Every query of ${listOf(parents.map(nameText))} that does not say ONLY reads and changes the rows of ${nameText(fact.table)} too, without the keys of the parent.`,
      instead: `-- as a table of its own, with a view over both where they are read together`,
    }
  },
})

function parentsOf(fact: FactOf<'create-table' | 'change-table'>): readonly Name[] {
  if (fact.kind === 'create-table') return fact.inherits
  return fact.action === 'inherit' && fact.other !== undefined ? [fact.other] : []
}
