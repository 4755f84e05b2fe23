import { mkdir, readFile, symlink } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { parseJson, textField } from '../../core/json.ts'

interface Link {
  readonly source: string
  readonly target: string
}

/**
 * npm packages cannot hold symbolic links, so those between library versions are missing where install scripts do not
 * run; without them the server does not start. Makes them in place, or, where the package cannot be written, in a
 * directory of the cache.
 *
 * @returns what must be added to the environment of the server's programs
 */
export async function linkLibraries(native: string, cacheDirectory: string): Promise<Readonly<Record<string, string>>> {
  const links = await readLinks(join(native, 'pg-symlinks.json'))
  const root = dirname(native)
  try {
    for (const { source, target } of links) {
      const place = join(root, target)
      await link(relative(dirname(place), join(root, source)), place)
    }
    return {}
  } catch {
    return linkInCache(links, native, cacheDirectory)
  }
}

/**
 * Both directories are needed: a library found through the first does not inherit the RUNPATH of the program, so the
 * libraries that it needs itself are found through the second only.
 */
async function linkInCache(
  links: readonly Link[],
  native: string,
  cacheDirectory: string,
): Promise<Readonly<Record<string, string>>> {
  const directory = join(cacheDirectory, `links-${Buffer.from(native).toString('base64url').slice(-64)}`)
  await mkdir(directory, { recursive: true })
  for (const { source, target } of links) await link(join(dirname(native), source), join(directory, basename(target)))
  const variable = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'
  const inherited = process.env[variable]
  const paths = [directory, join(native, 'lib'), ...(inherited === undefined ? [] : [inherited])]
  return { [variable]: paths.join(':') }
}

async function readLinks(file: string): Promise<readonly Link[]> {
  const text = await readFile(file, 'utf8').catch(() => '[]')
  const written = parseJson(text)
  return (Array.isArray(written) ? written : []).flatMap((entry: unknown) => {
    const [source, target] = [textField(entry, 'source'), textField(entry, 'target')]
    return source === undefined || target === undefined ? [] : [{ source, target }]
  })
}

async function link(to: string, place: string): Promise<void> {
  await symlink(to, place).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  })
}
