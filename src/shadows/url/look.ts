import { redactUrl } from '../../db/redact.ts'
import { connect } from '../../db/connect.ts'
import type { ToolkitError } from '../../core/errors.ts'
import type { Connection } from '../../model/database.ts'
import type { ServerFacts } from '../../model/server-facts.ts'
import { readServerFacts } from '../facts.ts'
import type { ShadowOptions } from '../shadow.ts'
import { refused } from './refused.ts'
import { type ServerSigns, nameOfProduction, signOfProduction } from './signs.ts'

/**
 * Looks at a server that is named, without changing anything.
 *
 * @throws ToolkitError `shadow-refused`, and what connecting may end in
 */
export async function look(options: ShadowOptions, url: string): Promise<ServerFacts> {
  const shown = redactUrl(url)
  if (options.targetUrl !== undefined && isSame(url, options.targetUrl))
    throw refused(`${shown} is the database that the migrations are meant for.`)
  const { host, path } = placeOf(url) ?? { host: '', path: '' }
  const name = nameOfProduction([host, path.slice(1)])
  if (name !== undefined) throw inUse(shown, name)
  const connection = await connect(url, { readOnly: true })
  try {
    const signs = await readSigns(connection, options.journalSchema ?? 'migrate')
    const sign = signOfProduction({ ...signs, host })
    if (sign !== undefined) throw inUse(shown, sign)
    if (signs.relations > 0) throw refused(`${shown} is not empty: it holds ${signs.relations} tables or views.`)
    if (!signs.mayCreate) throw refused(`The user of ${shown} may not create databases.`)
    return await readServerFacts(connection, 'scratch')
  } finally {
    await connection.close()
  }
}

function inUse(shown: string, sign: string): ToolkitError {
  return refused(`${shown} looks like a database in use: ${sign}.`)
}

type Signs = Omit<ServerSigns, 'host'> & { readonly relations: number; readonly mayCreate: boolean }

async function readSigns(connection: Connection, journalSchema: string): Promise<Signs> {
  const { rows } = await connection.query<Signs>(signsQuery, [journalSchema])
  const [row] = rows
  if (row === undefined) throw new Error('The server gives no answer about itself.')
  return row
}

/**
 * Relations of extensions do not count: many servers come with some. Sessions of this program do not either: several
 * verifications may share a server.
 */
const signsQuery = `
  select current_database()::text as database,
         current_setting('cluster_name') as "clusterName",
         pg_is_in_recovery() as "inRecovery",
         (select count(*)::int from pg_stat_replication) as replicas,
         (select count(*)::int from pg_stat_activity
           where backend_type = 'client backend' and application_name !~ '^migrate') as sessions,
         to_regclass(format('%I.migration', $1::text)) is not null as "hasJournal",
         (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
             and not exists (select from pg_depend d
                              where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')) as relations,
         (select rolcreatedb or rolsuper from pg_roles where rolname = current_user) as "mayCreate"`

/** The same server and database, whoever connects and however. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => JSON.stringify(placeOf(text)))
  return one !== undefined && one === other
}

function placeOf(text: string): { readonly host: string; readonly port: string; readonly path: string } | undefined {
  if (!URL.canParse(text)) return undefined
  const { hostname, port, pathname, searchParams } = new URL(text)
  const host = searchParams.get('host') ?? hostname
  return {
    host: host === '127.0.0.1' ? 'localhost' : host,
    port: (searchParams.get('port') ?? port) || '5432',
    path: pathname,
  }
}
