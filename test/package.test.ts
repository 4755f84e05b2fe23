import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

// npm leaves a platform's package out of the lock file when the registry it asked does not hold it, and `npm ci`
// refuses such a lock file on every machine.
test.each(['package-lock.json', 'test/matrix/package-lock.json'])(
  '%s names the binaries of every platform, so that npm ci takes it: npx tsx scripts/complete-lock.ts',
  (file) => {
    const lock: LockFile = JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'))
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies }]) =>
      Object.keys(optionalDependencies ?? {}).filter(
        (name) =>
          lock.packages[`node_modules/${name}`] === undefined &&
          lock.packages[`${path}/node_modules/${name}`] === undefined,
      ),
    )
    expect(missing).toEqual([])
  },
)
