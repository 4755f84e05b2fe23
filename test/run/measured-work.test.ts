import { expect, test } from 'vitest'
import { statementEffects } from '../../src/app/statement-effects.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { measuredWork } from '../../src/run/measured-work.ts'
import { history } from '../support/run.ts'

const made = 'create table books (id int, title text);\ncreate table shelves (id int);'

test.each([
  ['alter table books alter column title set not null', 'read books'],
  ['alter table books add constraint c check (id > 0)', 'read books'],
  ['alter table books validate constraint c', 'read books'],
  ['create index i on books (id)', 'index books'],
  ['create index concurrently i on books (id)', 'index books'],
  ['alter table books add primary key (id)', 'index books'],
  ['alter table books alter column id type bigint', 'rewrite books'],
  ['alter table books add column n serial', 'rewrite books'],
  ['create index i on books (id); create index j on books (title)', 'index books'],
  // Of the rest nobody can tell what took how long, or nothing goes by the size of the table.
  ['create index i on books (id); alter table books alter column title set not null', undefined],
  ['create index i on books (id); create index j on shelves (id)', undefined],
  ['update books set id = 1; alter table books alter column title set not null', undefined],
  ['update books set id = 1', undefined],
  ['alter table books add column n int', undefined],
  ['alter table unheard_of add column n int', undefined],
  ['alter table unheard_of alter column n type text', undefined],
])('%s', async (sql, expected) => {
  const migrations = await history({
    '1_made.sql': `-- migrate:up\n${made}\n-- migrate:down\nselect 1;\n`,
    '2_work.sql': `-- migrate:up\n${sql};\n-- migrate:down\nselect 1;\n`,
  })
  const found = measuredWork(
    { effects: statementEffects(postgres, migrations, 18) },
    migrations[1]?.upSql.statements ?? [],
  )
  expect(found === undefined ? undefined : `${found.work} ${found.table.name}`).toBe(expected)
})
