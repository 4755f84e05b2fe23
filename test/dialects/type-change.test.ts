import { beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import type { Connection } from '../../src/model/database.ts'
import type { FactOf } from '../../src/model/fact.ts'
import { createDatabase } from '../support/postgres.ts'

/** Changes every type into every other on an empty table, in sub-transactions that are taken back. */
const measuring = `
create function measured(froms text[], tos text[]) returns table (pair text, outcome text) language plpgsql as $$
declare
  a text;
  b text;
  file oid;
begin
  foreach a in array froms loop
    execute format('create table probe (v %s)', a);
    file := pg_relation_filenode('probe');
    foreach b in array tos loop
      pair := a || ' > ' || b;
      begin
        execute format('alter table probe alter column v type %s', b);
        raise exception using errcode = 'RW000',
          message = case when pg_relation_filenode('probe') = file then 'no-rewrite' else 'rewrite' end;
      exception
        when sqlstate 'RW000' then outcome := sqlerrm;
        when others then outcome := 'refused';
      end;
      return next;
    end loop;
    drop table probe;
  end loop;
end
$$;`

/** Each type of `froms` is changed into each of `tos`, which may go on with a USING. The column is `v`. */
interface Pairs {
  readonly froms: readonly string[]
  readonly tos: readonly string[]
}

async function outcomes(connection: Connection, { froms, tos }: Pairs): Promise<ReadonlyMap<string, string>> {
  const { rows } = await connection.query<{ pair: string; outcome: string }>('select * from measured($1, $2)', [
    froms,
    tos,
  ])
  return new Map(rows.map(({ pair, outcome }) => [pair, outcome]))
}

/** What the server does; `unknown` where two time zones give two answers. Pairs that it refuses are left out. */
async function measured(pairs: Pairs): Promise<ReadonlyMap<string, string>> {
  const database = await createDatabase()
  const connection = await database.connect()
  await connection.run(`${measuring} set timezone = 'UTC';`)
  const atUtc = await outcomes(connection, pairs)
  await connection.run(`set timezone = 'Europe/Berlin'`)
  const inBerlin = await outcomes(connection, pairs)
  const both = [...atUtc].map(
    ([pair, outcome]) => [pair, outcome === inBerlin.get(pair) ? outcome : 'unknown'] as const,
  )
  return new Map(both.filter(([, outcome]) => outcome !== 'refused'))
}

function change(to: string): FactOf<'set-column-type'> {
  const [fact] = postgres.parse(`alter table probe alter column v type ${to}`).statements[0]?.facts ?? []
  if (fact?.kind !== 'set-column-type') throw new Error(`${to} is not read as a type`)
  return fact
}

function claimed(pair: string): string {
  const [from = '', to = ''] = pair.split(' > ')
  return postgres.typeChange(change(from).type, change(to).type, change(to).using)
}

const all = (types: readonly string[]): Pairs => ({ froms: types, tos: types })

const lengths = ['varchar', 'char', 'bit', 'bit varying'].flatMap((type) => [type, `${type}(10)`, `${type}(20)`])

const digits = ['timestamp', 'time', 'interval', 'timestamptz', 'timetz'].flatMap((type) =>
  ['', '(0)', '(3)', '(6)'].map((limit) => `${type}${limit}`),
)

const fields = [
  '',
  ' year',
  ' year to month',
  ' day',
  ' day to hour',
  ' hour to second(3)',
  ' day to second',
  '(3)',
].map((kept) => `interval${kept}`)

const builtIn = `smallint,integer,bigint,real,double precision,numeric,boolean,text,varchar,char,bytea,bit,bit varying,
date,interval,timestamp,timestamptz,time,timetz,json,jsonb,uuid,inet,cidr,macaddr,macaddr8,xml,money,oid,name,tsvector,
tsquery,point,lseg,box,path,polygon,circle,int4range,int4multirange,regclass,pg_lsn,jsonpath`.split(/,\s*/)

const arrays =
  `text,varchar,varchar(10),varchar(20),char(10),char(20),numeric,numeric(5),numeric(8),timestamp,timestamp(3),
timestamp(6),timestamptz,integer,bigint,oid,inet,cidr`
    .split(/,\s*/)
    .map((type) => `${type}[]`)

const usings = [
  'v',
  '(v)',
  'v::text',
  'v::varchar(5)',
  'v::varchar(20)',
  'v::text::varchar',
  'probe.v',
  'upper(v)',
  `v || ''`,
]
const converted = ['text', 'varchar(20)', 'varchar(10)'].flatMap((type) =>
  usings.map((using) => `${type} using ${using}`),
)

beforeAll(() => postgres.load())

describe('what is claimed of a change of type is what a server does', () => {
  test.each([
    ['built-in types', all(builtIn), 150],
    ['lengths', all(['text', ...lengths]), 80],
    ['precisions', all(['integer', 'numeric', 'numeric(5)', 'numeric(5,2)', 'numeric(8,2)', 'numeric(8,3)']), 36],
    ['digits of a second', all(digits), 224],
    ['fields of an interval', all(fields), 64],
    ['arrays', all(arrays), 100],
    ['USING', { froms: ['varchar(10)'], tos: converted }, 27],
  ])('%s', async (_, pairs, atLeast) => {
    const answers = [...(await measured(pairs))]
    const wrong = answers.filter(([pair, outcome]) => claimed(pair) !== outcome)
    expect(wrong.map(([pair, outcome]) => `${pair}: ${outcome}, claimed ${claimed(pair)}`)).toEqual([])
    expect(answers.length).toBeGreaterThanOrEqual(atLeast)
  })
})

test.each(['shop.price > integer', 'price > numeric', 'integer > price', 'price[] > integer[]'])(
  '%s is not known: it depends on what the type is made of',
  (pair) => {
    expect(claimed(pair)).toBe('unknown')
  },
)
