import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ToolkitError } from '../core/errors.ts'
import { fileReason } from '../core/file-reason.ts'
import { suggestion } from '../core/text.ts'

type Environment = Readonly<Record<string, string | undefined>>
type Parameters = Readonly<Record<string, string>>

/** What a URL says before its query, by the names that a service file has for it. */
const places = ['user', 'password', 'host', 'port', 'dbname'] as const
const variables = { user: 'PGUSER', password: 'PGPASSWORD', host: 'PGHOST', port: 'PGPORT', dbname: 'PGDATABASE' }

/** Keys of libpq that are read in the query of a URL. */
const read = new Set([
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'sslnegotiation',
  'options',
  'application_name',
  'fallback_application_name',
  'connect_timeout',
])

/** Keys that a session here does without: it is always UTF-8, looks itself whether the server is there, and knows no GSSAPI. */
const needless = /^(?:client_encoding|keepalives(?:_\w+)?|tcp_user_timeout|gss\w+|krbsrvname|sslcompression|sslsni)$/

/**
 * The URL with what the connection service says that it names, `service=` in its query or else PGSERVICE. As with
 * libpq the URL goes before the service, and the service before the PG* variables. A URL of another kind, and one
 * without a service, is given back as it is. Format: PostgreSQL's documentation, "The Connection Service File".
 *
 * @throws ToolkitError `service-invalid`
 */
export async function withService(url: string, env: Environment): Promise<string> {
  const parts = partsOf(url)
  const name = parts?.query.get('service') ?? nonEmpty(env['PGSERVICE'])
  if (parts === undefined || name === undefined) return url
  const { own, query, scheme } = parts
  const service = await readService(name, env)
  // What stands in the query goes before what stands before it: so a directory of sockets is named.
  const value = (place: Place): string =>
    query.get(place) ?? nonEmpty(own[place]) ?? service[place] ?? env[variables[place]] ?? ''
  if (value('host') === '' && value('dbname') === '')
    throw invalid(`The service "${name}" names neither a host nor a database.`)
  const rest = new URLSearchParams(query)
  for (const place of ['service', ...places]) rest.delete(place)
  for (const [key, text] of Object.entries(service)) if (read.has(key) && !rest.has(key)) rest.set(key, text)
  // A directory of sockets is no host of a URL.
  if (value('host').startsWith('/')) rest.set('host', value('host'))
  const [path, more] = [encodeURIComponent(value('dbname')), rest.toString()]
  return `${scheme}${authority(value)}/${path}${more === '' ? '' : `?${more}`}`
}

type Place = (typeof places)[number]

interface Parts {
  readonly scheme: string
  /** Empty where it is not written. */
  readonly own: Readonly<Record<Place, string>>
  readonly query: URLSearchParams
}

/** Undefined where it is no URL of a server. */
function partsOf(url: string): Parts | undefined {
  const match = /^(postgres(?:ql)?:\/\/)(?:([^/?#@]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?(.*))?$/is.exec(url)
  if (match === null) return undefined
  const [, scheme = '', login = '', address = '', path = '', query = ''] = match
  const [user = '', ...password] = login.split(':')
  const [, host = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(address) ?? []
  const own = {
    user: decoded(user),
    password: decoded(password.join(':')),
    host: decoded(host),
    port,
    dbname: decoded(path),
  }
  return { scheme, own, query: new URLSearchParams(query) }
}

/** `user:password@host:port`, of what there is. */
function authority(value: (place: Place) => string): string {
  const [user, password, host, port] = [value('user'), value('password'), value('host'), value('port')]
  const login = encodeURIComponent(user) + (password === '' ? '' : `:${encodeURIComponent(password)}`)
  const bare = host.startsWith('/') ? 'localhost' : host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  return `${login === '' ? '' : `${login}@`}${bare}${port === '' ? '' : `:${port}`}`
}

/** What a service says, by key: of the first file that has it. */
async function readService(name: string, env: Environment): Promise<Parameters> {
  const known: string[] = []
  const looked: string[] = []
  for (const { path, mustBeThere } of filesOf(env)) {
    const isThere = await stat(path).then(
      () => true,
      () => false,
    )
    if (!isThere && !mustBeThere) continue
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      throw invalid(`The service file "${path}" cannot be read: ${fileReason(error)}`, error)
    })
    looked.push(path)
    const found = sectionOf(text, name, path, known)
    if (found !== undefined) return found
  }
  const where = looked.length === 0 ? 'There is no service file' : `Not in ${looked.join(', ')}`
  throw new ToolkitError({
    code: 'service-invalid',
    message: `The service "${name}" is not known. ${where}.`,
    hint:
      looked.length === 0
        ? 'Write it to ~/.pg_service.conf, or name the file with PGSERVICEFILE.'
        : suggestion(name, known),
  })
}

function filesOf(env: Environment): readonly { readonly path: string; readonly mustBeThere: boolean }[] {
  const named = nonEmpty(env['PGSERVICEFILE'])
  const system = nonEmpty(env['PGSYSCONFDIR'])
  return [
    { path: named ?? join(nonEmpty(env['HOME']) ?? homedir(), '.pg_service.conf'), mustBeThere: named !== undefined },
    ...(system === undefined ? [] : [{ path: join(system, 'pg_service.conf'), mustBeThere: false }]),
  ]
}

/** The section of that name; undefined where there is none. Names of sections that were seen are added to `known`. */
function sectionOf(text: string, name: string, path: string, known: string[]): Parameters | undefined {
  const found: Record<string, string> = {}
  let inside = false
  let wasThere = false
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    if (line.startsWith('[')) {
      const section = line.replace(/^\[(.*)\]$/s, '$1')
      // As libpq does: the first section of that name is the one.
      if (wasThere) return found
      known.push(section)
      inside = section === name
      wasThere ||= inside
      continue
    }
    if (inside) {
      const [key, value] = entryOf(line, `${path}:${index + 1}`)
      found[key] ??= value
    }
  }
  return wasThere ? found : undefined
}

/** Its text is not shown: it may hold a password. */
function entryOf(line: string, place: string): readonly [string, string] {
  const end = line.indexOf('=')
  const key = line.slice(0, Math.max(end, 0))
  if (end === -1 || !/^\w+$/.test(key)) throw invalid(`${place} is no line of a service: it is not written KEY=VALUE.`)
  const isRead = read.has(key) || needless.test(key) || places.some((place) => place === key)
  if (!isRead) throw invalid(`${place} sets "${key}", which is not read here.`)
  return [key, line.slice(end + 1)]
}

function invalid(message: string, cause?: unknown): ToolkitError {
  return new ToolkitError({
    code: 'service-invalid',
    message,
    hint: 'Correct the service file, or name the database with --url postgres://user@host:5432/database.',
    cause,
  })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text
}
