import { ToolkitError, messageOf } from '../core/errors.ts'
import { DatabaseError } from './database-error.ts'

/** Where a session was to be opened, without any secret. */
export interface ServerAddress {
  readonly host: string
  readonly port: number
  readonly user: string | undefined
  readonly database: string | undefined
}

interface ServerFields {
  readonly sqlState: string
  readonly fatal: boolean
  readonly detail: string | undefined
  readonly hint: string | undefined
  readonly position: number | undefined
}

/** What the server sent with an error; undefined when the error is not the server's. */
export function serverFields(error: unknown): ServerFields | undefined {
  if (!(error instanceof Error)) return undefined
  const code = textField(error, 'code')
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code) || textField(error, 'severity') === undefined) return undefined
  const position = textField(error, 'position')
  return {
    sqlState: code,
    fatal: ['FATAL', 'PANIC'].includes(textField(error, 'severity') ?? ''),
    detail: textField(error, 'detail'),
    hint: textField(error, 'hint'),
    position: position === undefined ? undefined : Number(position),
  }
}

/** The server's answer as our own error; undefined when the error is not the server's. `role`: what the session is. */
export function databaseError(error: unknown, role?: string): DatabaseError | undefined {
  const fields = serverFields(error)
  if (fields === undefined) return undefined
  return new DatabaseError(messageOf(error), {
    sqlState: fields.sqlState,
    ...(fields.detail === undefined ? {} : { detail: fields.detail }),
    ...(fields.hint === undefined ? {} : { hint: fields.hint }),
    ...(fields.position === undefined ? {} : { position: fields.position }),
    ...(fields.sqlState === '42501' ? { deniedTo: role } : {}),
    cause: error,
  })
}

/** An error of a running session. FATAL means that the server has closed it, whatever the SQLSTATE. */
export function sessionError(error: unknown, address: ServerAddress, role?: string): Error {
  const fromServer = databaseError(error, role ?? address.user)
  if (fromServer !== undefined && serverFields(error)?.fatal !== true) return fromServer
  return new ToolkitError({
    code: 'connection-lost',
    message: `The connection to ${addressText(address)} broke while a command was running: ${reasonOf(error)}`,
    hint: 'What the command did may or may not have been kept. Run the command again: it asks the database first.',
    cause: fromServer ?? error,
  })
}

/** What is known of the password that was sent. */
interface SentPassword {
  /** Where it was found; undefined: none was. */
  readonly source?: string
  /** Why a place where one may be was left aside. */
  readonly remark?: string
}

/** Why no session could be opened. */
export function openingError(error: unknown, address: ServerAddress, sent: SentPassword = {}): ToolkitError {
  const state = serverFields(error)?.sqlState
  const reason = reasonOf(error)
  const certificate = certificateRefused(error, address)
  if (certificate !== undefined) return certificate
  if (state?.startsWith('28') === true || /\bSASL\b|password must be a/i.test(reason)) {
    const missing = /password must be a/i.test(reason)
    return new ToolkitError({
      code: 'authentication-failed',
      message: `${addressText(address).replace(/^the /, 'The ')} refuses the user ${quoted(address.user)}: ${missing ? 'it asks for a password, and none was given' : reason}`,
      hint: authenticationHint(sent, state),
      cause: error,
    })
  }
  const namesDatabase = reason.includes(`database ${quoted(address.database)}`)
  return new ToolkitError({
    code: 'cannot-connect',
    message: `Cannot connect to ${addressText(address)}${namesDatabase ? '' : `, database ${quoted(address.database)}`}: ${reason}`,
    hint: openingHint(state, error),
    cause: databaseError(error) ?? error,
  })
}

function authenticationHint({ source, remark }: SentPassword, state: string | undefined): string {
  if (remark !== undefined) return remark
  // Before any password counts: no line of pg_hba.conf fits, or the role may not log in.
  if (state === '28000') return 'Check the user, and what pg_hba.conf of the server lets in.'
  if (source === undefined)
    return 'Give it in the URL, with PGPASSWORD, with "passwordCommand" in the configuration, or in the password file (PGPASSFILE, ~/.pgpass), where a line has to fit host, port, database and user.'
  return `The password that was sent is ${source}; the URL goes before PGPASSWORD, that before "passwordCommand", and the password file comes last. In a URL special characters are percent-encoded.`
}

/** What Node says of a certificate that does not stand up to `sslmode`: codes of OpenSSL, and its own for the name. */
function certificateRefused(error: unknown, address: ServerAddress): ToolkitError | undefined {
  const code = systemCode(error)
  const wrongName = code === 'ERR_TLS_CERT_ALTNAME_INVALID'
  if (!wrongName && !(code !== undefined && /CERT|UNABLE_TO_|INVALID_PURPOSE|INVALID_CA/.test(code))) return undefined
  return new ToolkitError({
    code: 'certificate-refused',
    message: `The certificate of ${addressText(address)} is refused: ${reasonOf(error)}`,
    hint: wrongName
      ? 'Connect by a name that the certificate is for. Another server may have answered: nothing was sent to it.'
      : 'Name the certificate of the authority that signed it: sslrootcert=/path/to/ca.crt in the URL, or PGSSLROOTCERT.',
    cause: error,
  })
}

function openingHint(state: string | undefined, error: unknown): string {
  if (state === '3D000') return 'Create the database first (createdb), or correct the name at the end of the URL.'
  if (state === '53300') return 'All connections of the server are in use: try again, or raise max_connections.'
  if (state === '57P03') return 'The server is starting up or shutting down: try again.'
  if (state === '42501') return 'Grant the user CONNECT on the database.'
  if (/does not support SSL/i.test(messageOf(error)))
    return 'sslmode asks for an encrypted connection, and this server has none to offer (ssl = on turns it on there). Only where nobody is in between: sslmode=disable.'
  if (systemCode(error) === 'ENOTFOUND') return 'Check the host name in the URL.'
  return 'Check the host and port in the URL, that the server runs, and that a firewall lets you through.'
}

function addressText({ host, port }: ServerAddress): string {
  return host.startsWith('/') ? `the socket in ${host}, port ${port}` : `${host}:${port}`
}

function quoted(name: string | undefined): string {
  return `"${name ?? ''}"`
}

/** A host with several addresses fails with one error for each; the words of the first say enough. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  const message = messageOf(error)
  return message === '' ? (systemCode(error) ?? 'unknown reason') : message
}

function systemCode(error: unknown): string | undefined {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error ? textField(first, 'code') : undefined
}

function textField(error: object, name: string): string | undefined {
  const value: unknown = Reflect.get(error, name)
  return typeof value === 'string' ? value : undefined
}

/** COMMIT of a transaction in which a statement has failed: the server rolls back, and does not call it an error. */
export function rolledBackInstead(): DatabaseError {
  return new DatabaseError('COMMIT was answered with ROLLBACK: a statement before it had failed', { sqlState: '25P02' })
}
