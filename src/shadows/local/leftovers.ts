import { readdir, readFile, readlink, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isGone } from '../owner.ts'

/** In a server's directory: the name of the process that it is for. */
export const ownerFile = 'owner'
/** Preparing a server takes a second; an hour later nobody is at it any more. */
const abandonedAfterMs = 3_600_000

/**
 * Removes what a process left that was killed before its server was watched, or together with what watched it:
 * directories of ours whose process is gone, and a server that still runs in one. What a living process uses stays.
 */
export async function sweep(place: string): Promise<void> {
  if (process.platform === 'win32') return
  const names = await readdir(place).catch(() => [])
  for (const name of names.filter((one) => /^lockstep-[A-Za-z0-9]{6}$/.test(one))) {
    const directory = join(place, name)
    const found = await stat(directory).catch(() => undefined)
    if (found === undefined || !(await isLeftOver(directory, found.mtimeMs))) continue
    await endServer(directory)
    // Another process may be removing it at this moment, and whose it is we may not be allowed to.
    await rm(directory, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** One that does not say whose it is was left within its first moments. */
async function isLeftOver(directory: string, changedAtMs: number): Promise<boolean> {
  const owner = await readFile(join(directory, ownerFile), 'utf8').catch(() => '')
  return owner === '' ? Date.now() - changedAtMs > abandonedAfterMs : isGone(owner)
}

/** Ends the server whose data lie there. Its number may have been given to another process since: only Linux can tell. */
async function endServer(directory: string): Promise<void> {
  const data = join(directory, 'data')
  const [first = ''] = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const pid = Number(first)
  if (!(pid > 1) || (await readlink(`/proc/${pid}/cwd`).catch(() => '')) !== data) return
  try {
    process.kill(pid, 'SIGQUIT')
  } catch {
    // It ended by itself.
  }
}
