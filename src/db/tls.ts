import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { ToolkitError } from '../core/errors.ts'
import { fileReason } from '../core/file-reason.ts'
import { suggestion } from '../core/text.ts'

/** How a session is to be encrypted and the server known. */
export interface Tls {
  /** Undefined: in clear. */
  readonly ssl: ConnectionOptions | undefined
  /** A server that cannot encrypt is taken in clear. */
  readonly optional: boolean
  readonly negotiation: 'postgres' | 'direct' | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'] as const
type Mode = (typeof modes)[number]

const names = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation', 'ssl', 'uselibpqcompat'] as const
type Parameters = Readonly<Partial<Record<(typeof names)[number], string>>>

/**
 * Takes what is about TLS out of a URL: the driver reads some of it otherwise than libpq, and none of it with words that
 * say which file is wrong.
 */
export function withoutTls(url: string): { readonly url: string; readonly parameters: Parameters } {
  const start = url.indexOf('?')
  if (start === -1) return { url, parameters: {} }
  const query = new URLSearchParams(url.slice(start + 1))
  const parameters: Partial<Record<(typeof names)[number], string>> = {}
  for (const name of names) {
    const value = query.get(name)
    if (value !== null) parameters[name] = value
    query.delete(name)
  }
  const rest = query.toString()
  return { url: url.slice(0, start) + (rest === '' ? '' : `?${rest}`), parameters }
}

/**
 * The parameters as libpq means them, completed from PGSSLMODE, PGSSLROOTCERT, PGSSLCERT and PGSSLKEY and the files below
 * `~/.postgresql`: `require` encrypts, and verifies only where a root certificate is there; `verify-ca` verifies who
 * signed the certificate, `verify-full` also for whom. Two things are stricter: where no mode is named but a certificate
 * is, everything is verified; and `verify-full` without a root certificate takes the ones of the system.
 *
 * @throws ToolkitError `url-invalid`, `file-unreadable`, `secret-exposed`
 */
export async function tlsOf(parameters: Parameters, env: Environment): Promise<Tls> {
  const mode = modeOf(parameters, env)
  if (mode === 'disable') return { ssl: undefined, optional: false, negotiation: undefined }
  const ca = await rootCertificate(parameters.sslrootcert ?? nonEmpty(env['PGSSLROOTCERT']), mode)
  return {
    ssl: { ...(await ownCertificate(parameters, env)), ...(ca === undefined ? {} : { ca }), ...verification(mode, ca) },
    optional: mode === 'prefer' || mode === 'allow',
    negotiation: parameters.sslnegotiation === 'direct' ? 'direct' : undefined,
  }
}

function modeOf(parameters: Parameters, env: Environment): Mode {
  const named = parameters.sslmode ?? (parameters.ssl === undefined ? undefined : oldMode(parameters.ssl))
  const { sslrootcert, sslcert, sslkey, sslnegotiation } = parameters
  const implied = sslrootcert ?? sslcert ?? sslkey ?? (sslnegotiation === 'direct' ? sslnegotiation : undefined)
  const asked = named ?? nonEmpty(env['PGSSLMODE']) ?? (implied === undefined ? 'disable' : 'verify-full')
  const mode = modes.find((known) => known === asked)
  if (mode !== undefined) return mode
  throw new ToolkitError({
    code: 'url-invalid',
    message: `sslmode does not take "${asked}".`,
    hint: suggestion(asked, modes),
  })
}

/** `ssl=true` is the driver's own, and verifies. */
function oldMode(ssl: string): string {
  if (ssl === 'true' || ssl === '1') return 'verify-full'
  return ssl === 'false' || ssl === '0' ? 'disable' : ssl
}

function verification(mode: Mode, ca: string | undefined): ConnectionOptions {
  if (mode === 'verify-full') return { rejectUnauthorized: true }
  const signer = mode === 'verify-ca' || (mode === 'require' && ca !== undefined)
  return signer ? { rejectUnauthorized: true, checkServerIdentity: () => undefined } : { rejectUnauthorized: false }
}

async function rootCertificate(named: string | undefined, mode: Mode): Promise<string | undefined> {
  if (named === 'system') {
    if (mode === 'verify-full') return undefined
    throw new ToolkitError({
      code: 'url-invalid',
      message: `sslrootcert=system does not go with sslmode=${mode}: anybody can have a certificate of a public authority.`,
      hint: 'Write sslmode=verify-full.',
    })
  }
  if (named !== undefined) return readNamed('sslrootcert', named)
  const usual = mode === 'no-verify' ? undefined : await readUsual('root.crt')
  if (mode !== 'verify-ca' || usual !== undefined) return usual
  throw new ToolkitError({
    code: 'url-invalid',
    message: 'sslmode=verify-ca needs the certificate of the authority that signed the one of the server.',
    hint: 'Name its file: sslrootcert=/path/to/ca.crt, or PGSSLROOTCERT. Or write sslmode=verify-full, which takes those of the system.',
  })
}

/** The certificate with which the client shows who it is. */
async function ownCertificate(parameters: Parameters, env: Environment): Promise<ConnectionOptions> {
  const certificate = parameters.sslcert ?? nonEmpty(env['PGSSLCERT'])
  const keyFile = parameters.sslkey ?? nonEmpty(env['PGSSLKEY'])
  const cert = certificate === undefined ? await readUsual('postgresql.crt') : await readNamed('sslcert', certificate)
  if (cert === undefined) return {}
  const path = keyFile ?? join(usualFolder(), 'postgresql.key')
  const key = await readNamed('sslkey', path)
  await refuseExposed(path)
  return { cert, key }
}

/** As libpq: only its owner may read a key, and root may let a group. */
async function refuseExposed(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const { mode, uid } = await stat(path)
  if ((mode & (uid === 0 ? 0o037 : 0o077)) === 0) return
  throw new ToolkitError({
    code: 'secret-exposed',
    message: `The private key "${path}" can be read by others, so it is not used.`,
    hint: `Let nobody else read it: chmod 600 ${path}`,
  })
}

function usualFolder(): string {
  return join(homedir(), '.postgresql')
}

async function readUsual(name: string): Promise<string | undefined> {
  return readFile(join(usualFolder(), name), 'utf8').catch(() => undefined)
}

async function readNamed(parameter: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new ToolkitError({
      code: 'file-unreadable',
      message: `${parameter} names "${path}", which cannot be read: ${fileReason(error)}`,
      hint: 'Check the path. Relative ones start from the directory that the command runs in.',
      cause: error,
    })
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
