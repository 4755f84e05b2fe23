import fc from 'fast-check'

/**
 * Random statements that look like PostgreSQL's, from a small grammar: most are accepted, many name what does not exist,
 * and names are of the awkward kind. What they do makes no sense, and need not.
 */

const names = [
  'books',
  'authors',
  'Order',
  'order items',
  'a.b',
  'übung',
  '日本',
  'x"y',
  'select',
  't',
  'public',
  '😀',
  '',
]
const identifier = fc
  .oneof(
    { weight: 6, arbitrary: fc.constantFrom(...names) },
    fc.string({ minLength: 1, maxLength: 70, unit: 'binary' }),
  )
  .map((name) => `"${name.replaceAll('"', '""').replaceAll('\0', '')}"`)
const plain = fc.constantFrom('books', 'authors', 'readers', 'id', 'title', 'price', 'author_id')
const name = fc.oneof({ weight: 3, arbitrary: plain }, identifier)
const relation = fc.oneof(
  { weight: 3, arbitrary: name },
  fc.tuple(name, name).map((parts) => parts.join('.')),
)
const space = fc.constantFrom(' ', '\n', '\r\n', '\t', ' /* a /* b */ ; */ ', " -- it's\n", '  ')

const type = fc.constantFrom(
  'int',
  'bigint',
  'text',
  'varchar(10)',
  'numeric(8,2)',
  'timestamptz',
  'uuid',
  'jsonb',
  'int[]',
  'serial',
  'mood',
  'char(3)',
  'public.mood',
  '"Mood"',
  'double precision',
  'bit varying(4)',
  'interval year to month',
  'int4range',
)
const literal = fc.oneof(
  fc.integer().map(String),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => `'${text.replaceAll("'", "''").replaceAll('\0', '')}'`),
  fc.constantFrom('null', 'true', `E'\\n'`, '$$;$$', '$a$ -- $a$', `U&'\\0041'`, '1e10', '.5', "b'101'", 'default'),
)

const { expression } = fc.letrec<{ readonly expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3 },
    literal,
    name,
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom('+', '=', '||', '<>', ' and ', ' or ', ' is distinct from '),
        tie('expression'),
      )
      .map((parts) => parts.join('')),
    fc
      .tuple(fc.constantFrom('lower', 'now', 'random', 'coalesce', 'f', 'nextval'), tie('expression'))
      .map(([f, a]) => `${f}(${a})`),
    tie('expression').map((inner) => `(${inner})`),
    tie('expression').map((inner) => `not ${inner}`),
    tie('expression').map((inner) => `(select ${inner} from books)`),
    fc.tuple(tie('expression'), type).map(([inner, to]) => `${inner}::${to}`),
    tie('expression').map((inner) => `case when ${inner} is null then 1 else 2 end`),
  ),
}))

const list = (one: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(one, { minLength: 1, maxLength: 3 }).map((many) => many.join(', '))
const columns = list(name).map((inside) => `(${inside})`)
const maybe = (...words: readonly string[]): fc.Arbitrary<string> => fc.constantFrom('', ...words)

const constraint = fc.oneof(
  expression.map((inside) => `check (${inside})`),
  columns.map((inside) => `unique ${inside}`),
  columns.map((inside) => `primary key ${inside}`),
  fc
    .tuple(columns, relation, maybe(' on delete cascade', ' not valid', ' deferrable'))
    .map(([own, to, more]) => `foreign key ${own} references ${to}${more}`),
  name.map((column) => `exclude using gist (${column} with =)`),
)
const column = fc
  .tuple(
    name,
    type,
    fc.oneof(
      fc.constantFrom(
        '',
        ' not null',
        ' primary key',
        ' unique',
        ' references authors',
        ' generated always as identity',
      ),
      expression.map((inside) => ` default ${inside}`),
      expression.map((inside) => ` check (${inside})`),
      expression.map((inside) => ` generated always as (${inside}) stored`),
    ),
  )
  .map((parts) => `${parts[0]} ${parts[1]}${parts[2]}`)

const action = fc.oneof(
  column.map((definition) => `add column ${definition}`),
  column.map((definition) => `add column if not exists ${definition}`),
  fc
    .tuple(maybe('if exists '), name, maybe(' cascade'))
    .map(([when, dropped, more]) => `drop column ${when}${dropped}${more}`),
  fc
    .tuple(name, type, maybe(' using id::text'))
    .map(([changed, to, using]) => `alter column ${changed} type ${to}${using}`),
  fc
    .tuple(
      name,
      fc.constantFrom(
        'set not null',
        'drop not null',
        'drop default',
        'drop identity',
        'set statistics 10',
        'set storage external',
        'drop expression',
      ),
    )
    .map((parts) => `alter column ${parts.join(' ')}`),
  fc.tuple(name, expression).map(([changed, value]) => `alter column ${changed} set default ${value}`),
  fc.tuple(maybe('constraint c '), constraint, maybe(' not valid')).map((parts) => `add ${parts.join('')}`),
  fc
    .tuple(fc.constantFrom('validate constraint', 'drop constraint', 'drop constraint if exists'), name)
    .map((parts) => parts.join(' ')),
  fc.constantFrom(
    'enable row level security',
    'set logged',
    'set unlogged',
    'replica identity nothing',
    'disable trigger all',
  ),
  relation.map((other) => `attach partition ${other} for values from (1) to (10)`),
  relation.map((other) => `detach partition ${other} concurrently`),
  relation.map((other) => `inherit ${other}`),
)

const query = fc
  .tuple(
    fc.oneof(fc.constant('*'), list(expression)),
    relation,
    fc.oneof(
      fc.constant(''),
      expression.map((inside) => ` where ${inside}`),
    ),
  )
  .map(([what, from, where]) => `select ${what} from ${from}${where}`)
const body = fc.constantFrom(
  `$$ begin delete from books; end $$`,
  `$body$ select 1; -- ; $body$`,
  `$$ begin execute 'drop table ' || x; end $$`,
  `'select ''a'''`,
)

const statement = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        maybe('temp ', 'unlogged '),
        maybe('if not exists '),
        relation,
        fc.array(fc.oneof(column, constraint), { maxLength: 4 }),
        maybe(' partition by range (id)', ' inherits (books)'),
      )
      .map(([kind, when, table, inside, more]) => `create ${kind}table ${when}${table} (${inside.join(', ')})${more}`),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(maybe('only ', 'if exists '), relation, list(action))
      .map(([which, table, actions]) => `alter table ${which}${table} ${actions}`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        maybe('unique '),
        maybe('concurrently '),
        maybe('if not exists i ', 'i '),
        maybe('only '),
        relation,
        fc.oneof(
          columns,
          expression.map((inside) => `((${inside}))`),
        ),
        maybe(' where id > 1', ' include (id)'),
      )
      .map(
        ([unique, how, index, only, table, keys, more]) =>
          `create ${unique}index ${how}${index}on ${only}${table} ${keys}${more}`,
      ),
  },
  fc
    .tuple(relation, relation)
    .map(([table, parent]) => `create table ${table} partition of ${parent} for values from (1) to (2)`),
  fc
    .tuple(
      fc.constantFrom(
        'table',
        'view',
        'materialized view',
        'index',
        'index concurrently',
        'type',
        'function',
        'schema',
        'sequence',
        'domain',
        'extension',
      ),
      maybe('if exists '),
      list(relation),
      maybe(' cascade'),
    )
    .map(([kind, when, what, more]) => `drop ${kind} ${when}${what}${more}`),
  fc
    .tuple(
      fc.constantFrom('table', 'view', 'index', 'sequence', 'type', 'schema'),
      relation,
      fc.oneof(
        name.map((to) => `rename to ${to}`),
        name.map((to) => `set schema ${to}`),
        fc.tuple(name, name).map(([from, to]) => `rename column ${from} to ${to}`),
      ),
    )
    .map((parts) => `alter ${parts.join(' ')}`),
  fc
    .tuple(maybe('or replace ', 'materialized '), relation, query)
    .map(([kind, view, reads]) => `create ${kind}view ${view} as ${reads}`),
  fc
    .tuple(relation, columns, query, maybe(' on conflict do nothing'))
    .map(([table, into, from, more]) => `insert into ${table} ${into} ${from}${more}`),
  fc
    .tuple(relation, name, expression, maybe(' where id = 1', ' where true'))
    .map(([table, set, value, where]) => `update ${table} set ${set} = ${value}${where}`),
  relation.map((table) => `delete from ${table}`),
  fc.tuple(relation, maybe(' cascade')).map(([table, more]) => `truncate ${table}${more}`),
  fc.tuple(relation, list(literal)).map(([made, values]) => `create type ${made} as enum (${values})`),
  fc
    .tuple(
      relation,
      fc.constantFrom(`add value 'x'`, `rename value 'a' to 'b'`, `add value if not exists 'y' after 'x'`),
    )
    .map((parts) => `alter type ${parts.join(' ')}`),
  fc
    .tuple(relation, type, expression)
    .map(([made, base, inside]) => `create domain ${made} as ${base} check (${inside})`),
  fc
    .tuple(relation, fc.constantFrom('set not null', 'add check (value > 0)', 'drop default', 'validate constraint c'))
    .map((parts) => `alter domain ${parts.join(' ')}`),
  fc
    .tuple(relation, fc.constantFrom('plpgsql', 'sql'), body)
    .map(
      ([made, language, inside]) =>
        `create or replace function ${made}(a int) returns void language ${language} as ${inside}`,
    ),
  fc
    .tuple(name, relation)
    .map(([made, table]) => `create trigger ${made} before insert on ${table} for each row execute function f()`),
  fc.tuple(name, relation).map(([made, table]) => `create policy ${made} on ${table} using (true)`),
  body.map((inside) => `do ${inside}`),
  fc.constantFrom(
    'begin',
    'commit',
    'rollback',
    'savepoint s',
    'rollback to s',
    'start transaction',
    'set lock_timeout = 0',
    'reset all',
    `set local statement_timeout = '5s'`,
    'set search_path = "$user", books',
    'set search_path to default',
    'vacuum full books',
    'reindex table books',
    'cluster books using i',
    'lock table books',
    'analyze',
    'refresh materialized view books',
    'checkpoint',
    'copy books from stdin',
    'grant select on books to public',
    `comment on table books is ';'`,
    'create extension hstore',
    'create publication p for all tables',
    'create sequence s',
    'alter sequence s restart',
    'drop owned by current_user',
    ';',
  ),
)

/** A file of statements; some have comments that speak to the tool, right and wrong. */
export const file: fc.Arbitrary<string> = fc
  .array(fc.tuple(fc.oneof({ weight: 9, arbitrary: statement }, query), space), { maxLength: 12 })
  .map((parts) => parts.map(([sql, after]) => `${sql};${after}`).join('\n'))
