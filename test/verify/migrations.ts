import { createHash } from 'node:crypto'
import type { Dialect } from '../../src/dialects/dialect.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { native } from '../../src/layouts/native.ts'
import { parseMigration } from '../../src/lint/parse.ts'
import type { ParsedMigration } from '../../src/model/migration.ts'

export const dialect: Dialect = postgres

/** A history of native migration files, numbered from 1: `first` is 20260101000001. */
export async function migrations(...texts: readonly string[]): Promise<readonly ParsedMigration[]> {
  await dialect.load()
  const files = texts.map((text, index) => ({
    path: `migrations/${20260101000001 + index}_step_${index + 1}.sql`,
    text,
    sha256: createHash('sha256').update(text).digest('hex'),
  }))
  const { migrations: found, problems } = native.read(files, { knownRules: [], knownGates: [] })
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'))
  return found.map((migration) => parseMigration(migration, dialect))
}

/** One file with both directions. */
export function upDown(up: string, down: string): string {
  return `-- migrate:up\n${up};\n\n-- migrate:down\n${down};\n`
}
