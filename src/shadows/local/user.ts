import { runProgram } from './program.ts'

/** `nobody` on every system that has it; PostgreSQL refuses to run as user 0. */
const nobody = 65534

/** How the server's programs are started so that they do not run as root. */
export interface ServerUser {
  /** Goes before the program and its arguments. */
  readonly prefix: readonly string[]
  readonly spawn: { readonly uid?: number; readonly gid?: number }
  /** Who must own the data directory; undefined: it is right as it is. */
  readonly owner: number | undefined
}

const asWeAre: ServerUser = { prefix: [], spawn: {}, owner: undefined }
const asNobody: ServerUser = { prefix: [], spawn: { uid: nobody, gid: nobody }, owner: nobody }

/**
 * An ordinary user starts the server as it is. Root enters a user namespace in which it is called `nobody`: files keep
 * their owner and no directory has to be opened for others. Where namespaces are forbidden (containers), root gives
 * up its rights and the data directory changes its owner.
 */
export async function serverUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return asWeAre
  const prefix = ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`]
  try {
    const [program = '', ...rest] = prefix
    const id = await runProgram(program, [...rest, 'id', '-u'])
    return id.trim() === String(nobody) ? { prefix, spawn: {}, owner: undefined } : asNobody
  } catch {
    return asNobody
  }
}
