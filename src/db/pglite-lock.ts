import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ToolkitError } from '../core/errors.ts'

/**
 * Takes a directory for this process and gives what lets go of it. PGlite itself opens one directory twice without a
 * word and damages it; so the process id is written beside it, to `<directory>.lock`. The lock of a process that has
 * ended counts for nothing.
 *
 * @throws ToolkitError `runner-locked`
 */
export function holdDirectory(directory: string): () => void {
  const file = `${directory.replace(/\/+$/, '')}.lock`
  mkdirSync(dirname(file), { recursive: true })
  if (!write(file)) {
    if (ownerLives(file)) throw inUse(directory, file)
    rmSync(file, { force: true })
    if (!write(file)) throw inUse(directory, file)
  }
  const release = (): void => {
    process.off('exit', release)
    rmSync(file, { force: true })
  }
  process.on('exit', release)
  return release
}

function write(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function ownerLives(file: string): boolean {
  const pid = Number(readFileSync(file, 'utf8'))
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function inUse(directory: string, file: string): ToolkitError {
  return new ToolkitError({
    code: 'runner-locked',
    message: `The embedded database ${directory} is open in another process or session.`,
    hint: `An embedded database has one session. Try again when the other has ended; ${file} names its process.`,
  })
}
