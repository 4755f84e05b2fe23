import { plural } from '../../core/text.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const wideIndex: Rule = defineRule({
  id: 'wide-index',
  summary: 'An index over many columns is large, slows every write, and rarely serves more than its first columns.',
  severity: 'info',
  preset: 'style',
  hazards: ['slows-queries'],
  looksAt: ['create-index'],
  sources: ['strong_migrations:add_index_columns', 'online_migrations:add_index_columns'],
  options: { columns: { default: 3, summary: 'How many key columns an index that is not unique may have.' } },
  why: `A query narrows its search in a B-tree by the columns that it compares for equality and one range behind them; each further column is carried along in every entry, kept up to date by every write, and turns updates of that column into writes to the index. A column that is only read belongs into INCLUDE. Unique indexes have the columns that they must have, and are left alone.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text, shop int, shelf int, row int);',
      bad: 'create index concurrently books_place_idx on books (shop, shelf, row, title);',
      good: 'create index concurrently books_place_idx on books (shop, shelf) include (title);',
      transaction: false,
    },
    {
      given: 'create table shops (id bigint primary key);',
      bad: `create table books (id bigint primary key, title text, shop int, shelf int, row int);
create index on books (shop, shelf, row, lower(title));`,
      good: `create table books (id bigint primary key, title text, shop int, shelf int, row int);
create unique index on books (shop, shelf, row, title);`,
    },
  ],
  *check(index, _context, { columns }) {
    if (index.unique || index.columns.length <= columns) return
    const kept = index.columns.slice(0, columns).map((column) => (column === '' ? '…' : quoteName(column)))
    yield {
      at: index.span,
      message: `This index of ${nameText(index.table)} has ${plural(index.columns.length, 'column')}; few queries use more than the first ${columns}.`,
      instead: `create index concurrently … on ${nameText(index.table)} (${kept.join(', ')});`,
    }
  },
})
