import { chown, mkdir, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { serverUser } from '../../src/shadows/local/user.ts'
import { ownServer } from '../support/own-server.ts'

/** A server that writes down what it is sent. */
export interface CapturingServer {
  readonly url: string
  /** Runs SQL as the superuser, in one text. */
  run(sql: string): Promise<void>
  /** Runs what an application would, as the role `shop_app`. */
  application(work: (client: pg.Client) => Promise<void>): Promise<void>
  /** What the server has logged, by the ending of the file: `log`, `csv`, `json`. */
  log(ending: string): Promise<string>
}

/** Started with these settings; it has the database `shop` and the role `shop_app` with a table of its own. */
export async function capturingServer(settings: readonly string[]): Promise<CapturingServer> {
  let logs = ''
  const server = await ownServer(async (data) => {
    logs = join(data, 'captured')
    await mkdir(logs)
    const { owner } = await serverUser()
    if (owner !== undefined) await chown(logs, owner, owner)
    return settings.map((setting) => setting.replace('LOGS', logs))
  })
  await server.run('create database shop')
  await server.run('create role shop_app login')
  const urlOf = (user: string): string => {
    const url = new URL(server.url())
    url.pathname = '/shop'
    url.username = user
    return url.href
  }
  const session = async (user: string, work: (client: pg.Client) => Promise<void>): Promise<void> => {
    const client = new pg.Client({ connectionString: urlOf(user), application_name: 'shop' })
    await client.connect()
    await work(client).finally(() => client.end())
  }
  const url = urlOf(new URL(server.url()).username)
  const run: CapturingServer['run'] = (sql) =>
    session(new URL(server.url()).username, async (client) => void (await client.query(sql)))
  await run(`create table customer (id bigint primary key, email text not null, born date, seen timestamptz default now(), tags text[]);
    grant select, insert, update, delete on customer to shop_app`)
  const log: CapturingServer['log'] = async (ending) => {
    const files = (await readdir(logs)).filter((name) => name.endsWith(`.${ending}`)).toSorted()
    return (await Promise.all(files.map((name) => readFile(join(logs, name), 'utf8')))).join('')
  }
  return { url, run, application: (work) => session('shop_app', work), log }
}

/** What an application does: parameters, a prepared statement, constants in the text, several statements, no queries. */
export async function useShop(client: pg.Client, list = '(1, 2, 3)'): Promise<void> {
  await client.query('insert into customer (id, email, born) values ($1, $2, $3)', [
    1,
    "o'brien@example.com",
    '1980-02-03',
  ])
  for (const id of [1, 2])
    await client.query({ name: 'find', text: 'select email from customer\n\twhere id = $1', values: [id] })
  await client.query(`select id from customer where email = 'secret@example.com' and id in ${list}`)
  await client.query(`select id from customer where email = 'other@example.com' and id in ${list.replace('1', '7')}`)
  await client.query("begin; update customer set tags = '{secret}' where born > date '1970-01-01'; commit")
  await client.query(
    "select date_trunc('month', seen), count(*) from customer where seen > now() - interval '1 day' group by 1, date_trunc('month', seen)",
  )
  await client.query('select 1')
  await client.query('select count(*) from pg_catalog.pg_class')
}
