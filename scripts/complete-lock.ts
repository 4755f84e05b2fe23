import { readFileSync, writeFileSync } from 'node:fs'

/** The part of a lock file's entry that matters here. */
interface LockedPackage {
  readonly version?: string
  readonly optional?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

/**
 * npm leaves the binaries of other platforms out of a lock file when the registry that it asked does not hold them,
 * and `npm ci` then refuses the file everywhere. This names them again, without a hash; a registry that holds them
 * gives one with the next `npm install`.
 */
function complete(lock: LockFile): LockFile {
  const packages: Record<string, LockedPackage> = { ...lock.packages }
  for (const [path, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(optionalDependencies)) {
      const place = missingPlace(packages, path, { name, range })
      if (place !== undefined) packages[place] = { version: versionOf(range), optional: true }
    }
  }
  const sorted = Object.entries(packages).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { ...lock, packages: Object.fromEntries(sorted) }
}

/** Where the lock file should say which version is meant; undefined where it does. */
function missingPlace(
  packages: Readonly<Record<string, LockedPackage>>,
  path: string,
  { name, range }: { readonly name: string; readonly range: string },
): string | undefined {
  const own = `${path}/node_modules/${name}`
  const shared = `node_modules/${name}`
  if (packages[own] !== undefined) return undefined
  const found = packages[shared]
  if (found === undefined) return shared
  return majorOf(found.version ?? '') === majorOf(versionOf(range)) ? undefined : own
}

function versionOf(range: string): string {
  return range.replace(/^[^\d]*/, '')
}

function majorOf(version: string): string {
  return version.split('.')[0] ?? ''
}

for (const file of ['package-lock.json', 'test/matrix/package-lock.json']) {
  const url = new URL(`../${file}`, import.meta.url)
  const lock: LockFile = JSON.parse(readFileSync(url, 'utf8'))
  writeFileSync(url, `${JSON.stringify(complete(lock), null, 2)}\n`)
}
