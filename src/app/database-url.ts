import { readFile } from 'node:fs/promises'
import { ToolkitError } from '../core/errors.ts'
import { fileReason } from '../core/file-reason.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The target: `--url`, else DATABASE_URL, else the contents of DATABASE_URL_FILE, else the PG* variables that libpq
 * reads, else the configuration; with what the connection service says, where one is named. There is no default: a guessed localhost is how the wrong database gets migrated.
 *
 * @throws ToolkitError `url-missing`, `file-unreadable`, `service-invalid`
 */
export async function databaseUrl(flag: string | undefined, env: Environment, configured?: string): Promise<string> {
  const url = await databaseUrlIfAny(flag, env, configured)
  if (url !== undefined) return url
  throw new ToolkitError({
    code: 'url-missing',
    message: 'No database was named.',
    hint: 'Give --url postgres://user@host/database, or set DATABASE_URL, DATABASE_URL_FILE, PGSERVICE, or PGHOST and PGDATABASE.',
  })
}

/**
 * The same, for those who only must know which database is the target: undefined where none is named.
 *
 * @throws ToolkitError `file-unreadable`, `service-invalid`
 */
export async function databaseUrlIfAny(
  flag: string | undefined,
  env: Environment,
  configured?: string,
): Promise<string | undefined> {
  const found = flag ?? nonEmpty(env['DATABASE_URL']) ?? (await urlFromFile(env['DATABASE_URL_FILE']))
  const url = found ?? urlFromPgVariables(env) ?? configured
  return url === undefined ? undefined : withServiceIfAny(url, env)
}

/**
 * An address with what its connection service says.
 *
 * @throws ToolkitError `service-invalid`
 */
export async function withServiceIfAny(url: string, env: Environment): Promise<string> {
  if (nonEmpty(env['PGSERVICE']) === undefined && !/[?&]service=/.test(url)) return url
  const { withService } = await import('../db/service.ts')
  return withService(url, env)
}

async function urlFromFile(path: string | undefined): Promise<string | undefined> {
  if (nonEmpty(path) === undefined || path === undefined) return undefined
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ToolkitError({
      code: 'file-unreadable',
      message: `DATABASE_URL_FILE names "${path}", which cannot be read: ${fileReason(error)}`,
      hint: 'Check the path, or unset the variable and give --url.',
      cause: error,
    })
  })
  const url = nonEmpty(text.trim())
  if (url !== undefined) return url
  // A secret that was not written must not lead to another database.
  throw new ToolkitError({
    code: 'url-missing',
    message: `DATABASE_URL_FILE names "${path}", which is empty.`,
    hint: 'Write the address into it, or unset the variable and give --url.',
  })
}

/**
 * A URL out of PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD; undefined when neither host nor database is set. A
 * service goes before them.
 */
function urlFromPgVariables(env: Environment): string | undefined {
  if (nonEmpty(env['PGSERVICE']) !== undefined) return 'postgres:///'
  const host = nonEmpty(env['PGHOST'])
  const database = nonEmpty(env['PGDATABASE'])
  if (host === undefined && database === undefined) return undefined
  const user = nonEmpty(env['PGUSER']) ?? nonEmpty(env['USER']) ?? 'postgres'
  const password = nonEmpty(env['PGPASSWORD'])
  const login = encodeURIComponent(user) + (password === undefined ? '' : `:${encodeURIComponent(password)}`)
  const port = nonEmpty(env['PGPORT']) ?? '5432'
  const name = encodeURIComponent(database ?? user)
  if (host?.startsWith('/') === true)
    return `postgres://${login}@localhost/${name}?host=${encodeURIComponent(host)}&port=${port}`
  return `postgres://${login}@${host ?? 'localhost'}:${port}/${name}`
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text
}
