import { constants } from 'node:fs'
import { access, chown, mkdir, mkdtemp, stat, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownerName } from '../owner.ts'
import { ownerFile, sweep } from './leftovers.ts'

const memoryDirectory = '/dev/shm'
/** A server in memory must not run out of it: containers often give /dev/shm 64 MiB. */
const roomyBytes = 2 * 1024 ** 3
/** `sockaddr_un` holds 104 bytes on macOS and the BSDs, 108 on Linux, one of them the closing zero. */
const socketPathLimit = 103
const socketName = '/.s.PGSQL.5432'
const randomLetters = 6

/** A new directory for one server, with room for its socket; only its owner can enter. In memory where there is room. */
export async function createServerDirectory(owner: number | undefined): Promise<string> {
  const places = [...((await isRoomy(memoryDirectory)) ? [memoryDirectory] : []), tmpdir(), '/tmp']
  const short = places.find((place) => prefixIn(place).length + randomLetters + socketName.length <= socketPathLimit)
  const place = short ?? tmpdir()
  for (const one of new Set(places)) await sweep(one)
  const directory = await mkdtemp(prefixIn(place))
  await writeFile(join(directory, ownerFile), ownerName())
  if (owner !== undefined) await chown(directory, owner, owner)
  return directory
}

/** The directory itself where it can be written, else one of this user's own below the system's temporary directory. */
export async function writableCache(wanted: string): Promise<string> {
  try {
    await mkdir(wanted, { recursive: true })
    await access(wanted, constants.W_OK)
    return wanted
  } catch {
    const user = process.getuid?.() ?? 0
    const own = join(tmpdir(), `lockstep-cache-${user}`)
    await mkdir(own, { recursive: true, mode: 0o700 })
    // Someone else may have made it before, to put a prepared server into our hands.
    if (process.platform !== 'win32' && (await stat(own)).uid !== user) return mkdtemp(`${own}-`)
    return own
  }
}

function prefixIn(place: string): string {
  return join(place, 'lockstep-')
}

async function isRoomy(directory: string): Promise<boolean> {
  try {
    await access(directory, constants.W_OK)
    const { bavail, bsize } = await statfs(directory)
    return bavail * bsize >= roomyBytes
  } catch {
    return false
  }
}
