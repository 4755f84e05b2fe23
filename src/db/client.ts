import type { Client, ClientConfig } from 'pg'
import { ToolkitError } from '../core/errors.ts'
import type { ConnectOptions } from './connect.ts'
import { findPassword } from './password.ts'
import { redactUrl } from './redact.ts'
import { startRefused } from './role.ts'
import { type ServerAddress, openingError } from './server-errors.ts'
import { startSettings } from './settings.ts'
import { tlsOf, withoutTls } from './tls.ts'

const defaultConnectTimeoutS = 10
/** A session must not be taken for dead while a long statement runs and nothing is sent. */
const keepAlive = true
/** After so much silence the network is asked whether the server is still there, then each second, ten times. */
const keepAliveInitialDelayMillis = 10_000

/** A client of the driver that is connected. */
export interface Connected {
  readonly client: Client
  readonly address: ServerAddress
  /** With what it was made; without the password, where that was looked for. */
  readonly config: ClientConfig
}

/**
 * Connects a client: TLS as libpq means it, the password from the URL, PGPASSWORD, the command or the password file.
 *
 * @throws ToolkitError `url-invalid`, `service-invalid`, `file-unreadable`, `secret-exposed`, `password-command-failed`,
 * `authentication-failed`, `certificate-refused`, `cannot-connect`
 */
export async function connectClient(url: string, options: ConnectOptions): Promise<Connected> {
  try {
    return await connectWith(url, options)
  } catch (error) {
    const lesser = options.readOnly === true && error instanceof ToolkitError ? withLess(error, options) : undefined
    if (lesser === undefined) throw error
    return connectWith(url, lesser)
  }
}

/** A session that only reads does without a role that it may not take, and without settings that a pooler refuses. */
function withLess({ code }: ToolkitError, options: ConnectOptions): ConnectOptions | undefined {
  if (code === 'permission-denied' && options.role !== undefined) return { ...options, role: undefined }
  return code === 'transaction-pooler' ? { ...options, role: undefined, readOnly: false } : undefined
}

async function connectWith(named: string, options: ConnectOptions): Promise<Connected> {
  const url = /[?&]service=/.test(named) ? await withoutService(named) : named
  const { url: bare, parameters } = withoutTls(url)
  // A socket is not encrypted, whatever is asked for: nobody is in between.
  const tls = leadsToSocket(bare) ? undefined : await tlsOf(parameters, process.env)
  const config = clientConfig(bare, options)
  if (tls?.ssl === undefined) return open(url, { ...config, ssl: false }, options)
  const { negotiation } = tls
  const encrypted = { ...config, ssl: tls.ssl, ...(negotiation === undefined ? {} : { sslnegotiation: negotiation }) }
  try {
    return await open(url, encrypted, options)
  } catch (error) {
    if (!tls.optional || !(error instanceof ToolkitError) || !/does not support SSL/i.test(error.message)) throw error
    return open(url, { ...config, ssl: false }, options)
  }
}

async function withoutService(url: string): Promise<string> {
  const { withService } = await import('./service.ts')
  return withService(url, process.env)
}

function leadsToSocket(url: string): boolean {
  if (/[?&]host=(?:\/|%2f)/i.test(url) || /^[a-z]+:\/\/(?:[^/?]*@)?%2f/i.test(url)) return true
  return /^[a-z]+:\/\/(?:[^/?]*@)?\//i.test(url) && process.env['PGHOST']?.startsWith('/') === true
}

function optionsIn(url: string): string | undefined {
  const start = url.indexOf('?')
  return start === -1 ? undefined : (new URLSearchParams(url.slice(start)).get('options') ?? undefined)
}

function clientConfig(url: string, options: ConnectOptions): ClientConfig {
  const settings = startSettings(optionsIn(url) ?? process.env['PGOPTIONS'], options)
  const timeoutS = Number(/[?&]connect_timeout=(\d+)/.exec(url)?.[1] ?? process.env['PGCONNECT_TIMEOUT'])
  return {
    // What stands in the URL would win over what is given here.
    connectionString: url.replace(/([?&])options=[^&]*&?/, '$1'),
    ...(settings === undefined ? {} : { options: settings }),
    fallback_application_name: options.applicationName ?? 'migrate',
    connectionTimeoutMillis: 1000 * (timeoutS > 0 ? timeoutS : defaultConnectTimeoutS),
    keepAlive,
    keepAliveInitialDelayMillis,
    // Commands go out when they are given, not when the one before is answered.
    pipeline: true,
  }
}

/** Where the driver found the password, which is the URL before the environment. */
function givenIn(url: string, password: string | null | undefined): string {
  const isInUrl = /^[a-z]+:\/\/[^/?#]*:[^/?#]*@|[?&]password=/i.test(url)
  return !isInUrl && password === process.env['PGPASSWORD']
    ? 'that of PGPASSWORD'
    : 'the one in the address or its connection service'
}

async function open(url: string, config: ClientConfig, { passwordCommand, role }: ConnectOptions): Promise<Connected> {
  const client = await createClient(config, url)
  const { host, port, user, database } = client
  const address = { host, port, user, database }
  const found = nonEmpty(client.password) ? undefined : await findPassword(address, passwordCommand)
  // The empty one keeps the driver from looking for a file itself, which it does with warnings of its own.
  if (found !== undefined) client.password = found.password ?? ''
  // Without a listener a broken idle connection would end the process; the next query reports it.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return { client, address, config }
  } catch (error) {
    client.end().catch(() => undefined)
    throw (
      startRefused(error, { role, login: user }) ??
      openingError(error, address, found ?? { source: givenIn(url, client.password) })
    )
  }
}

function nonEmpty(text: unknown): boolean {
  return text !== undefined && text !== null && text !== ''
}

/** A client that is not connected yet. `url` is for messages. */
export async function createClient(config: ClientConfig, url: string): Promise<Client> {
  const pg = await import('pg')
  try {
    return new pg.Client(config)
  } catch {
    // The reason is not shown: it may quote the URL with the password in it.
    throw new ToolkitError({
      code: 'url-invalid',
      message: `"${redactUrl(url)}" cannot be read as a database URL.`,
      hint: 'Write postgres://user:password@host:5432/database; percent-encode special characters in the password.',
    })
  }
}
