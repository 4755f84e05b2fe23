import { execFile } from 'node:child_process'
import { readFile, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { messageOf } from '../../core/errors.ts'
import { parseBytes } from '../../core/bytes.ts'
import { DatabaseError } from '../../db/database-error.ts'
import type { Connection } from '../../model/database.ts'
import type { Environment } from '../database-url.ts'

/** Where it is said how much room there is. */
export interface DiskSources {
  /** Said for this run. */
  readonly asked?: string | undefined
  /** A command that prints a size. */
  readonly command?: string | undefined
  readonly configured?: string | undefined
  readonly cwd: string
  readonly env: Environment
}

/** How many bytes are free on the server's disks, and who says so; or why nobody knows. */
export type FreeSpace =
  | { readonly known: true; readonly bytes: number; readonly source: string }
  | { readonly known: false; readonly why: string }

/** The first that says anything: this run, the command, the configuration, the server's own disk where it is this machine's. */
export async function freeSpace(connection: Connection, sources: DiskSources): Promise<FreeSpace> {
  const { asked, command, configured } = sources
  if (asked !== undefined) return { known: true, bytes: parseBytes(asked), source: '--disk-free' }
  if (command !== undefined) return fromCommand(command, sources)
  if (configured !== undefined) return { known: true, bytes: parseBytes(configured), source: 'safe.diskFree' }
  return ofThisMachine(connection)
}

/** Longer than any look at a metric takes. */
const commandTimeoutMs = 30_000

async function fromCommand(command: string, { cwd, env }: DiskSources): Promise<FreeSpace> {
  try {
    const options = { cwd, env: { ...env }, timeout: commandTimeoutMs }
    const { stdout } = await promisify(execFile)('sh', ['-c', command], options)
    const text = stdout.trim()
    return { known: true, bytes: /^\d+$/.test(text) ? Number(text) : parseBytes(text), source: 'safe.diskCommand' }
  } catch (error) {
    return { known: false, why: `safe.diskCommand does not say: ${messageOf(error).trim()}` }
  }
}

const unsaid = 'neither --disk-free nor safe.diskFree nor safe.diskCommand says it'

/**
 * The disks of a server on this machine. That it is this one is told by its lock file, which says when it was started:
 * a directory of the same name may belong to another.
 */
async function ofThisMachine(connection: Connection): Promise<FreeSpace> {
  const found = await directoryOf(connection)
  if (found === undefined) return { known: false, why: `${unsaid}, and the server does not tell where its files are` }
  if (found.tablespaces > 0) return { known: false, why: `${unsaid}, and the server has tablespaces on other disks` }
  try {
    const started = (await readFile(join(found.directory, 'postmaster.pid'), 'utf8')).split('\n')[2]
    if (Number(started) !== found.started) throw new Error('it is another server')
    const disks = await Promise.all([found.directory, join(found.directory, 'pg_wal')].map((path) => statfs(path)))
    const bytes = Math.min(...disks.map(({ bavail, bsize }) => bavail * bsize))
    return { known: true, bytes, source: `the disk of ${found.directory}` }
  } catch {
    return { known: false, why: `${unsaid}, and the server's files are not on this machine` }
  }
}

interface ServerFiles {
  readonly directory: string
  /** Second at which the server was started. */
  readonly started: number
  /** How many there are beside those that every server has. */
  readonly tablespaces: number
}

/** Undefined where the role may not ask: superusers and members of pg_read_all_settings may. */
async function directoryOf(connection: Connection): Promise<ServerFiles | undefined> {
  if (connection.kind === 'embedded') return undefined
  try {
    const { rows } = await connection.query<ServerFiles>(
      `select current_setting('data_directory') as directory,
              floor(extract(epoch from pg_postmaster_start_time()))::float8 as started,
              (select count(*)::int from pg_tablespace where spcname not in ('pg_default', 'pg_global')) as tablespaces`,
    )
    return rows[0]
  } catch (error) {
    if (error instanceof DatabaseError && error.sqlState === '42501') return undefined
    throw error
  }
}
