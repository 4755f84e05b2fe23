import { listOf } from '../../core/text.ts'
import { quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const duplicateColumnAssignment: Rule = defineRule({
  id: 'duplicate-column-assignment',
  summary: 'A column is given a value twice in one statement, which the server refuses.',
  severity: 'error',
  hazards: ['fails'],
  looksAt: ['update', 'insert'],
  sources: ['squawk:ban-duplicate-column-assignments'],
  why: `An UPDATE may assign each column once (SQLSTATE 42601), and the column list of an INSERT may name each once (SQLSTATE 42701). The statement is refused whatever the values are, so the migration fails at this point. Parts of one column, such as elements of an array or fields of a composite value, may be assigned side by side.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text, pages int);',
      bad: `update books set title = 'Emma', title = 'Emma' where id = 1;`,
      good: `update books set title = 'Emma', pages = 474 where id = 1;`,
      fails: '42601',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `insert into books (id, title, title) values (5000, 'Emma', 'Emma');`,
      good: `insert into books (id, title) values (5000, 'Emma');`,
      fails: '42701',
    },
  ],
  *check(fact, { statement }) {
    const twice = fact.repeatedColumns ?? []
    if (twice.length === 0) return
    yield {
      at: fact.span,
      message: `${listOf(twice.map(quoteName))} ${twice.length === 1 ? 'is' : 'are'} given a value more than once, so the server refuses the statement.`,
      instead: `-- with each column once:\n${statement.sql};`,
    }
  },
})
