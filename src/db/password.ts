import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ToolkitError } from '../core/errors.ts'
import type { ServerAddress } from './server-errors.ts'

const run = promisify(execFile)

/** Time for a tool that asks a service for a token; longer than its own tries. */
const commandTimeoutMs = 30_000

/** A password, where there is one, and why a place where one may be was left aside. */
export interface FoundPassword {
  readonly password: string | undefined
  /** Where it was found, for people. */
  readonly source?: string
  readonly remark?: string
}

/**
 * The password of a session whose URL and environment name none: what the command prints, else what the password file
 * holds.
 *
 * @throws ToolkitError `password-command-failed`
 */
export async function findPassword(
  address: ServerAddress,
  command: readonly string[] | undefined,
): Promise<FoundPassword> {
  const [program, ...words] = command ?? []
  if (program === undefined) return passwordFromFile(address)
  return { password: await passwordFrom(program, words), source: 'what "passwordCommand" in the configuration printed' }
}

/** Without a shell. What it says on stderr, and its words, are shown to nobody: they may hold secrets. */
async function passwordFrom(program: string, words: readonly string[]): Promise<string> {
  const failed = (how: string): ToolkitError =>
    new ToolkitError({
      code: 'password-command-failed',
      message: `The password command "${program}" ${how}.`,
      hint: 'Run the command of "passwordCommand" in the configuration by hand, and see what it says. It is not shown here, because it may hold secrets.',
    })
  try {
    const { stdout } = await run(program, [...words], { timeout: commandTimeoutMs, windowsHide: true })
    const password = stdout.replace(/\r?\n$/, '')
    if (password !== '') return password
  } catch (error) {
    throw failed(howItEnded(error))
  }
  throw failed('printed nothing')
}

function howItEnded(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'failed'
  if ('killed' in error && error.killed === true) return `did not end within ${commandTimeoutMs / 1000} s`
  if ('code' in error && error.code === 'ENOENT') return 'was not found'
  return 'code' in error ? `ended with ${String(error.code)}` : 'failed'
}

/** PGPASSFILE, else `~/.pgpass`. One that others may read is left aside, as libpq does. */
async function passwordFromFile(address: ServerAddress): Promise<FoundPassword> {
  const named = process.env['PGPASSFILE']
  const path = named === undefined || named === '' ? usualFile() : named
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return { password: undefined }
  if (!found.isFile()) return { password: undefined, remark: `"${path}" is no file, so it was not used.` }
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    return {
      password: undefined,
      remark: `The password file "${path}" can be read by others, so it was not used: chmod 600 ${path}`,
    }
  }
  const password = passwordIn(await readFile(path, 'utf8').catch(() => ''), address)
  return { password, ...(password === undefined ? {} : { source: `the one in the password file "${path}"` }) }
}

function usualFile(): string {
  if (process.platform !== 'win32') return join(homedir(), '.pgpass')
  return join(process.env['APPDATA'] ?? homedir(), 'postgresql', 'pgpass.conf')
}

/** The password of the first line that fits. Format: PostgreSQL's documentation, "The Password File". */
export function passwordIn(text: string, address: ServerAddress): string | undefined {
  const { host, port, database, user } = address
  // A socket goes by the name of its directory or by "localhost".
  const hosts = host.startsWith('/') ? [host, 'localhost'] : [host]
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue
    const [ofHost, ofPort, ofDatabase, ofUser, password] = fieldsOf(line)
    const fits = (field: string | undefined, value: string | undefined): boolean => field === '*' || field === value
    if (password === undefined || !hosts.some((one) => fits(ofHost, one))) continue
    if (fits(ofPort, String(port)) && fits(ofDatabase, database) && fits(ofUser, user)) return password
  }
  return undefined
}

/** Four fields that end at a colon, and the rest; a backslash makes the next character ordinary. */
function fieldsOf(line: string): readonly string[] {
  const fields = ['']
  for (let at = 0; at < line.length; at += 1) {
    const escaped = line[at] === '\\' && at + 1 < line.length
    if (escaped) at += 1
    if (!escaped && line[at] === ':' && fields.length < 5) fields.push('')
    else fields[fields.length - 1] += line[at] ?? ''
  }
  return fields
}
