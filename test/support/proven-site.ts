import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Connection } from '../../src/model/database.ts'
import { directory } from './cli.ts'
import { adminUrl, createDatabase } from './postgres.ts'
import { type Ask, type Asked, asked } from './toolkit.ts'

type Files = Readonly<Record<string, string>>

/** A directory with proofs, and a new database. */
export interface ProvenSite {
  readonly cwd: string
  readonly connection: Connection
  run(ask: Ask): Promise<Asked>
  /** Ids, in the order of application. */
  applied(): Promise<readonly string[]>
}

/** `migrate verify` of what has no valid proof yet. */
export const verify: Ask = (toolkit) =>
  toolkit.verify({
    migrations: [],
    all: false,
    write: true,
    shadow: 'url',
    shadowUrl: adminUrl(),
    onProgress: () => undefined,
  })

/** Gives sites with files like these: the proofs are made once, by the first site that needs them. */
export function provenSites(files: Files): (written: Files) => Promise<ProvenSite> {
  let proofs: Promise<Files> | undefined
  return async (written) => {
    proofs ??= makeProofs(files)
    const cwd = await directory({ ...written, ...(await proofs) })
    const database = await createDatabase()
    const connection = await database.connect()
    return {
      cwd,
      connection,
      run: (ask) => asked({ cwd, url: database.url }, ask),
      applied: async () => {
        const { rows } = await connection.query<{ id: string }>('select id from migrate.migration order by position')
        return rows.map(({ id }) => id)
      },
    }
  }
}

async function makeProofs(files: Files): Promise<Files> {
  const cwd = await directory(files)
  const { url } = await createDatabase()
  expect(await asked({ cwd, url }, verify)).toMatchObject({ code: 0 })
  const folder = join(cwd, 'migrations/proofs')
  const texts = (await readdir(folder)).map(
    async (name) => [`migrations/proofs/${name}`, await readFile(join(folder, name), 'utf8')] as const,
  )
  return Object.fromEntries(await Promise.all(texts))
}
