import { describe, expect, test } from 'vitest'
import { ToolkitError } from '../../src/core/errors.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { replay } from '../../src/lint/replay.ts'
import type { Plan } from '../../src/model/plan.ts'
import { planFiles } from '../../src/plan/files.ts'
import { planMarkdown } from '../../src/plan/markdown.ts'
import { planChange } from '../../src/plan/plan.ts'
import { planText } from '../../src/plan/show.ts'
import { recipes } from '../../src/recipes/registry.gen.ts'
import { read } from '../recipes/plan-run.ts'

interface Asked {
  readonly given?: string
  readonly change?: string
  readonly target?: number
  readonly fill?: string
}

const books = `create table books (id bigint primary key, title text not null, price integer);
create index books_title_idx on books (title);`

async function planOf(sql: string, { given = books, change, target = 18, fill }: Asked = {}): Promise<Plan> {
  await postgres.load()
  const history =
    given === ''
      ? []
      : read([
          {
            name: '20260101000000_given.sql',
            text: `-- migrate:up\n${given}\n\n-- migrate:down none because it is a test\n`,
          },
        ])
  const [statement] = postgres.parse(sql).statements
  if (statement === undefined) throw new Error('no statement')
  return planChange({ statement, schema: replay(history), recipes, dialect: postgres, target, change, fill })
}

/** `code: message hint` of the error that planning ends with. */
async function refusal(sql: string, asked: Asked = {}): Promise<string> {
  try {
    const plan = await planOf(sql, asked)
    return `planned by ${plan.recipe}`
  } catch (error) {
    if (error instanceof ToolkitError) return `${error.code}: ${error.message} ${error.hint ?? ''}`
    throw error
  }
}

describe('a plan', () => {
  test('is shown by phase, step by step, within 80 columns', async () => {
    const text = planText(await planOf('alter table books alter column price set not null;'), {
      color: false,
      width: 80,
    })
    expect(text).toMatchInlineSnapshot(`
      "Set a column NOT NULL: price of books
        alter table books alter column price set not null

      Expand: beside the version that runs

       1  Release the version that no longer writes NULL to price
          why    From the next step on the server refuses every new NULL. Skip this
                 when no running version writes one.

       2  Refuse NULL in rows that are written from now on
          why    NOT VALID: the check holds for new rows at once and reads none of the
                 others, so the lock lasts a moment.
          lock   ACCESS EXCLUSIVE for a moment: reads and writes wait
          up     alter table books add constraint books_price_not_null_check check (price is not null) not valid;
          down   alter table books drop constraint books_price_not_null_check;

      Contract: after the old version is gone

       3  Prove that no row holds NULL
          why    The server reads every row while reads and writes go on, and refuses
                 when it finds a NULL; then nothing is changed.
          lock   SHARE UPDATE EXCLUSIVE while the table is read once: nobody waits
          up     alter table books validate constraint books_price_not_null_check;
          down   alter table books drop constraint books_price_not_null_check;
                 alter table books add constraint books_price_not_null_check check (price is not null) not valid;

       4  Set NOT NULL
          why    The validated check is the proof, so no row is read and the lock
                 lasts a moment.
          lock   ACCESS EXCLUSIVE for a moment: reads and writes wait
          up     alter table books alter column price set not null;
                 alter table books drop constraint books_price_not_null_check;
          down   alter table books add constraint books_price_not_null_check check (price is not null) not valid;
                 alter table books validate constraint books_price_not_null_check;
                 alter table books alter column price drop not null;

      To know

        - Rows that hold NULL now are not filled, because nothing says with what. If
          there are any, the step "validate" fails and changes nothing: fill them
          first, or plan with --fill and an SQL expression. To see them: select
          count(*) from books where price is null;
      "
    `)
    const long = text.split('\n').filter((line) => line.length > 80 && !line.includes('alter table'))
    expect(long).toEqual([])
  })

  test('has one file a step, with increasing ids and its directives', async () => {
    const files = planFiles(
      await planOf('alter table books rename column title to headline;'),
      new Date('2026-11-23T23:59:58Z'),
    )
    expect(files.map(({ name }) => name)).toMatchInlineSnapshot(`
      [
        "20261123235958_books-title_add-column.sql",
        "20261123235959_books-title_backfill.sql",
        "20261124000000_books-title_index-books-title-idx.sql",
        "20261124000001_books-title_validate.sql",
        "20261124000002_books-title_tighten.sql",
        "20261124000003_books-title_drop-old.sql",
      ]
    `)
    expect(files[0]?.text).toMatchInlineSnapshot(`
      "-- Add headline, kept the same as title.
      --
      -- Asked for: alter table books rename column title to headline
      -- The column ends as the last one of the table: an INSERT without a list of columns puts its values
      -- elsewhere from the first step of the contract phase on.
      -- Comments, grants on the column, statistics targets and publications with a column list are not
      -- carried over.
      --
      -- Column, triggers and checks come in one transaction, so there is no write that the triggers miss.
      -- The check books_title_agrees_check makes sure that the columns can never come apart unnoticed.
      -- migrate:change books-title
      -- migrate:phase expand

      -- migrate:up
      alter table books add column headline text;
      alter table books add constraint books_title_agrees_check check (headline is not distinct from title) not valid;
      alter table books add constraint books_title_not_null_check check (headline is not null) not valid;
      create function zzz_books_title_insert() returns trigger language plpgsql as $$
      begin
        if new.headline is not null then
          new.title := new.headline;
        else
          new.headline := new.title;
        end if;
        return new;
      end
      $$;
      create function zzz_books_title_update() returns trigger language plpgsql as $$
      begin
        if new.headline is distinct from old.headline then
          new.title := new.headline;
        else
          new.headline := new.title;
        end if;
        return new;
      end
      $$;
      create trigger zzz_books_title_insert before insert on books
        for each row when (new.title is distinct from new.headline)
        execute function zzz_books_title_insert();
      create trigger zzz_books_title_update before update on books
        for each row when (new.title is distinct from new.headline)
        execute function zzz_books_title_update();

      -- migrate:down
      drop trigger zzz_books_title_insert on books;
      drop trigger zzz_books_title_update on books;
      drop function zzz_books_title_insert();
      drop function zzz_books_title_update();
      alter table books drop column headline;
      "
    `)
    expect(files.at(-1)?.text).toMatchInlineSnapshot(`
      "-- Stop keeping title in step, and drop it.
      -- Triggers and column go in one transaction: with one of them gone and the other still there, every
      -- write would fail. The downgrade adds the column again, lets it follow every write, fills it and
      -- builds beside the traffic what was on it; its UPDATE locks the rows until all are filled.
      -- migrate:change books-title
      -- migrate:phase contract
      -- migrate:gate backfill-complete
      -- migrate:gate approval

      -- migrate:up
      drop trigger zzz_books_title_insert on books;
      drop trigger zzz_books_title_update on books;
      drop function zzz_books_title_insert();
      drop function zzz_books_title_update();
      alter table books drop constraint books_title_agrees_check;
      alter table books drop column title;
      alter index books_title_idx_new rename to books_title_idx;

      -- migrate:down transaction:false
      alter index books_title_idx rename to books_title_idx_new;
      alter table books add column title text;
      create function zzz_books_title_return() returns trigger language plpgsql as $$
      begin
        new.title := new.headline;
        return new;
      end
      $$;
      create trigger zzz_books_title_return before insert or update on books
        for each row when (new.title is distinct from new.headline)
        execute function zzz_books_title_return();
      update books set title = headline where title is distinct from headline;
      alter table books add constraint books_title_not_null_check check (title is not null) not valid;
      alter table books validate constraint books_title_not_null_check;
      alter table books alter column title set not null;
      alter table books drop constraint books_title_not_null_check;
      create index concurrently books_title_idx on books using btree (title);
      create function zzz_books_title_insert() returns trigger language plpgsql as $$
      begin
        if new.headline is not null then
          new.title := new.headline;
        else
          new.headline := new.title;
        end if;
        return new;
      end
      $$;
      create function zzz_books_title_update() returns trigger language plpgsql as $$
      begin
        if new.headline is distinct from old.headline then
          new.title := new.headline;
        else
          new.headline := new.title;
        end if;
        return new;
      end
      $$;
      create trigger zzz_books_title_insert before insert on books
        for each row when (new.title is distinct from new.headline)
        execute function zzz_books_title_insert();
      create trigger zzz_books_title_update before update on books
        for each row when (new.title is distinct from new.headline)
        execute function zzz_books_title_update();
      drop trigger zzz_books_title_return on books;
      drop function zzz_books_title_return();
      alter table books add constraint books_title_agrees_check check (headline is not distinct from title) not valid;
      alter table books validate constraint books_title_agrees_check;
      "
    `)
  })

  test('is read back as it was planned', async () => {
    const plan = await planOf('alter table books alter column price type bigint;')
    const migrations = read(planFiles(plan, new Date('2026-11-23T21:00:00Z')))
    const steps = plan.steps.filter((step) => step.kind !== 'deploy')
    expect(
      migrations.map(({ change, declaredPhase, gates, backfill, up, down }) => ({
        change,
        phase: declaredPhase,
        gates: gates.map(({ gate }) => gate),
        backfill: backfill === undefined ? undefined : [backfill.table, backfill.key],
        transaction: up.transaction,
        down: down.kind,
      })),
    ).toEqual(
      steps.map((step) => ({
        change: 'books-price',
        phase: step.phase,
        gates: step.gates.map(({ gate }) => gate),
        backfill: step.kind === 'backfill' ? [step.table, step.key] : undefined,
        transaction: step.kind === 'backfill' || step.transaction,
        down: step.down.kind,
      })),
    )
  })

  test('holds no comment that is taken for a directive', async () => {
    const plan = await planOf(`alter table books alter price type text using '\nmigrate:down none because x' || price;`)
    const files = planFiles(plan, new Date('2026-11-23T21:00:00Z'))
    expect(files[0]?.text).toContain('\n-- | migrate:down none because x')
    expect(read(files)).toHaveLength(files.length)
  })

  test('as Markdown holds nothing that a name could turn into markup', async () => {
    const given = 'create table "a|b`c<i>" (id integer primary key, "x*y" text);'
    const text = planMarkdown(await planOf('alter table "a|b`c<i>" alter column "x*y" set not null;', { given }))
    const prose = text.replaceAll(/^(`{3,})sql\n[\s\S]*?\n\1$/gm, '')
    expect(prose).not.toMatch(/(?<!\\)<i>|[^\\]x\*y/)
    expect(prose.match(/^# .*$/m)?.[0]).toMatchInlineSnapshot(`"# Set a column NOT NULL: x\\*y of "a\\|b\\\`c\\<i\\>""`)
  })

  test('is not needed where the statement only adds', async () => {
    const found = await Promise.all(
      [
        'alter table books add column note text;',
        'create index concurrently i on books (price);',
        'create table shelves (id bigint primary key);',
      ].map(async (sql) => {
        const { recipe, steps } = await planOf(sql)
        return [
          recipe,
          ...steps.map((step) => (step.kind === 'sql' && step.down.kind === 'sql' ? step.down : step.kind)),
        ]
      }),
    )
    expect(found).toEqual([
      ['none', { kind: 'sql', sql: 'alter table books drop column note;', loses: ['books.note'] }],
      ['none', { kind: 'sql', sql: 'drop index concurrently i;', loses: [] }],
      ['none', { kind: 'sql', sql: 'drop table shelves;', loses: ['shelves.*'] }],
    ])
  })

  test('fills NULLs with what it is given', async () => {
    const plan = await planOf('alter table books alter column price set not null;', { fill: '0' })
    const updates = plan.steps.flatMap((step) => (step.kind === 'backfill' ? [step.up] : []))
    expect(updates).toEqual(['update books set price = 0 where price is null;'])
  })

  test('changes a type directly where the rows stay as they are', async () => {
    const given = 'create table books (id bigint primary key, isbn character varying(13));'
    const plan = await planOf('alter table books alter column isbn type text;', { given })
    expect(plan.steps.map((step) => (step.kind === 'sql' ? [step.up, step.down] : step.kind))).toEqual([
      [
        'alter table books alter column isbn type text;',
        {
          kind: 'sql',
          sql: `-- migrate:allow change-column-type because character varying(13) holds less than text, so the server has to look at every value
-- migrate:allow narrow-column-type because character varying(13) holds less than text, so the server has to look at every value
alter table books alter column isbn type character varying(13);`,
          loses: [],
        },
      ],
    ])
  })

  test('uses a check that proves NOT NULL already', async () => {
    const given = 'create table books (id bigint primary key, title text check (title is not null));'
    const plan = await planOf('alter table books alter title set not null;', { given })
    expect(plan.steps.map((step) => (step.kind === 'sql' ? step.up : step.kind))).toEqual([
      'alter table books alter column title set not null;',
    ])
  })
})

describe('no plan', () => {
  const table = (columns: string): string => `create table t (id integer primary key, ${columns});`
  const cases: readonly (readonly [string, string, Asked?])[] = [
    ['a table that no migration creates', 'alter table books alter price set not null;', { given: '' }],
    ['a column that is not there', 'alter table books alter author set not null;'],
    ['what is NOT NULL already', 'alter table books alter title set not null;'],
    ['a name that is taken', 'alter table books rename title to price;'],
    ['a statement without a recipe', 'truncate books;'],
    ['several changes in one statement', 'alter table books alter price set not null, alter price type bigint;'],
    [
      'a view on the column',
      'alter table t rename a to b;',
      { given: `${table('a text')} create view v as select a from t;` },
    ],
    [
      'a foreign key that points at it',
      'alter table t alter a type bigint;',
      { given: `${table('a integer unique')} create table u (id integer primary key, a integer references t (a));` },
    ],
    [
      'a foreign key of the table itself',
      'alter table t alter a type bigint;',
      { given: table('a integer unique, b integer references t (a)') },
    ],
    ['the primary key', 'alter table t alter id type bigint;', { given: table('a text') }],
    ['an identity', 'alter table t rename a to b;', { given: table('a bigint generated always as identity') }],
    ['a sequence', 'alter table t rename a to b;', { given: table('a serial') }],
    [
      'a generated column beside it',
      'alter table t rename a to b;',
      { given: table('a text, l integer generated always as (length(a)) stored') },
    ],
    [
      'a partial index',
      'alter table t rename a to b;',
      { given: `${table('a text')} create index i on t (a) where a <> '';` },
    ],
    ['no key of one column', 'alter table t rename a to b;', { given: 'create table t (x integer, a text);' }],
    [
      'row security',
      'alter table t rename a to b;',
      { given: `${table('a text')} alter table t enable row level security;` },
    ],
    [
      'a default that differs each time',
      'alter table t rename a to b;',
      { given: table('a double precision default random()') },
    ],
    ['a conversion by time zone', 'alter table t alter a type timestamptz;', { given: table('a timestamp') }],
    [
      'what uses a table that is to go',
      'drop table t cascade;',
      {
        given: `${table('a text')} create view v as select a from t; create view w as select a from v; create table u (id integer primary key, t integer references t);`,
      },
    ],
    [
      'partitions of a table that is to go',
      'drop table t;',
      { given: 'create table t (a integer) partition by list (a);' },
    ],
    ['a temporary table', 'drop table t;', { given: 'create temporary table t (a integer);' }],
    [
      'what uses a column that is to go',
      'alter table t drop a cascade;',
      {
        given: `${table('a text, l integer generated always as (length(a)) stored')} create view v as select a from t; create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before update of a on t for each row execute function f();`,
      },
    ],
    ['the key of a table', 'alter table t drop id;', { given: table('a text') }],
    [
      'a column that places rows',
      'alter table t drop a;',
      { given: 'create table t (a integer, b text) partition by list (a);' },
    ],
    [
      'a foreign key that cannot be proven again',
      'alter table t drop a;',
      { given: table('a integer references t (id) on update cascade') },
    ],
    ['a name with blanks for the change', 'alter table books alter price set not null;', { change: 'Books Price' }],
  ]

  test('says what stands in the way, and what to do', async () => {
    const answers: Record<string, string> = {}
    for (const [name, sql, asked] of cases) answers[name] = await refusal(sql, asked)
    expect(answers).toMatchInlineSnapshot(`
      {
        "a column that is not there": "plan-impossible: Table public.books has no column author. Its columns are id, title, price.",
        "a column that places rows": "plan-impossible: public.t.a says which partition a row goes to. Plan this change by hand, with a new table that the rows are moved to.",
        "a conversion by time zone": "plan-impossible: What t.a becomes as timestamp with time zone depends on the time zone of the session that converts it. Say which: … using a at time zone 'UTC'.",
        "a default that differs each time": "plan-impossible: Column a may be NULL and has the default random(), which is another value each time: a trigger cannot tell a NULL that was written from one that was not. Make the column NOT NULL, or drop its default, in a migration before the plan.",
        "a foreign key of the table itself": "plan-impossible: Foreign key t_b_fkey of the table itself points at public.t.a. Drop the foreign key in a migration before the plan, and add it again in one after it.",
        "a foreign key that cannot be proven again": "plan-impossible: Foreign key t_a_fkey is not valid for every row, or has options that a plan cannot repeat. Drop it in a migration before the plan.",
        "a foreign key that points at it": "plan-impossible: Foreign key u_a_fkey of table public.u points at public.t.a. Drop the foreign key in a migration before the plan, and add it again in one after it.",
        "a generated column beside it": "plan-impossible: public.t.a: the table has a generated column, which may be made from this one. Plan this change by hand, with a new column or a new table.",
        "a name that is taken": "plan-impossible: Table books has a column price already. Choose another name, or drop that column first.",
        "a name with blanks for the change": "command-invalid: "Books Price" is not a name for a change. Use at most 60 lower-case letters, digits and single hyphens, such as "books-price".",
        "a partial index": "plan-impossible: Index public.i uses column a in an expression, a condition or with options that a plan cannot repeat. Drop the index in a migration before the plan, and create it on the new column in one after it.",
        "a sequence": "plan-impossible: public.t.a: the column takes its values from a sequence that belongs to it. Plan this change by hand, with a new column or a new table.",
        "a statement without a recipe": "plan-impossible: There is no recipe for this statement (truncate). Recipes: change-column-type, drop-column, drop-table, rename-column, set-not-null. \`migrate lint\` says what the statement would lock, rewrite, lose or break, and what to write instead.",
        "a table that no migration creates": "plan-impossible: Table books is not known: no migration of the history creates it. A plan needs the table’s columns, constraints and indexes. Put the migration that creates it into the directory, or name the directory with --dir.",
        "a temporary table": "plan-impossible: Table pg_temp.t is temporary, and does not move to another schema together with its partitions or heirs. It goes with its session: there is nothing to plan.",
        "a view on the column": "plan-impossible: View public.v reads public.t.a and would go on reading the old column. Drop the view in a migration before the plan, and create it again in one after it.",
        "an identity": "plan-impossible: public.t.a: the column is an identity, and its sequence cannot be moved to another column. Plan this change by hand, with a new column or a new table.",
        "no key of one column": "plan-impossible: Table public.t has no primary key of one column, so its rows cannot be cut into batches. Give it one, or write the backfill by hand.",
        "partitions of a table that is to go": "plan-impossible: Table public.t is partitioned, a partition or inherited from, and does not move to another schema together with its partitions or heirs. Detach the partition first, or drop it in a contract migration of its own behind -- migrate:gate approval.",
        "row security": "plan-impossible: public.t.a: the table has row security, and its policies may name the column. Plan this change by hand, with a new column or a new table.",
        "several changes in one statement": "plan-impossible: The statement makes several changes, and each needs a plan of its own. Write one ALTER TABLE a change, and plan them one after the other.",
        "the key of a table": "plan-impossible: public.t.id is part of the primary key, without which rows cannot be told apart. Plan this change by hand, with a new table that the rows are moved to.",
        "the primary key": "plan-impossible: Constraint t_pkey on column id is the primary key, which no recipe carries over to another column yet. Plan this change by hand, with a new column or a new table.",
        "what is NOT NULL already": "plan-impossible: Column title of public.books is NOT NULL already. There is nothing to do.",
        "what uses a column that is to go": "plan-impossible: public.t.a is used by view public.v, trigger g, generated column l. Drop or change what uses it in a migration before the plan.",
        "what uses a table that is to go": "plan-impossible: Table public.t is used by view public.v, view public.w, foreign key u_t_fkey of public.u. Drop or change what uses it in a migration before the plan.",
      }
    `)
  })
})

test('columns in an expression are named anew where they are columns only', async () => {
  await postgres.load()
  const mapped = (sql: string): string => postgres.mapColumns(sql, (name) => (name === 'a' ? '"B c"' : name))
  expect([`a > 0 and 'a' <> name`, `t.a || a(a)::a`, `"a"+é.a -- a`, `array[a, $$a$$]`].map(mapped)).toEqual([
    `"B c" > 0 and 'a' <> name`,
    `"B c" || a("B c")::a`,
    `"B c"+"B c" -- a`,
    `array["B c", $$a$$]`,
  ])
})
