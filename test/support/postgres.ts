import { randomBytes } from 'node:crypto'
import { inject, onTestFinished } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import type { Connection } from '../../src/model/database.ts'

export interface TestDatabase {
  readonly url: string
  /** Opens a session; it is closed with the database. */
  connect(): Promise<Connection>
  /** Closes what is open and drops the database; repeated calls do nothing. */
  drop(): Promise<void>
}

/** A database of the shared server from which others may be created. Do not write into it. */
export function adminUrl(): string {
  return inject('adminUrl')
}

/** Major version of the shared server: 18, or what MIGRATE_TEST_MAJOR names. */
export function serverMajor(): number {
  return inject('serverMajor')
}

/**
 * A new, empty database on the shared server. Called inside a test, it is dropped when the test ends; called from
 * `beforeAll` or `beforeEach`, the caller drops it in the matching `after…`.
 */
export async function createDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await runAsAdmin(`create database ${name} template template0`)
  const url = urlOf(name)
  const open = new Set<Connection>()
  let dropped = false
  const database: TestDatabase = {
    url,
    connect: async () => {
      const connection = await connect(url)
      open.add(connection)
      return connection
    },
    drop: async () => {
      if (dropped) return
      dropped = true
      for (const connection of open) await connection.close()
      await runAsAdmin(`drop database if exists ${name} with (force)`)
    },
  }
  dropWithTest(database)
  return database
}

/** Runs SQL in the administration database: roles, databases. */
export async function runAsAdmin(sql: string): Promise<void> {
  const connection = await connect(adminUrl())
  try {
    await connection.run(sql)
  } finally {
    await connection.close()
  }
}

/** The URL of another database of the shared server. */
export function urlOf(database: string): string {
  const url = new URL(adminUrl())
  url.pathname = `/${database}`
  return url.href
}

function dropWithTest(database: TestDatabase): void {
  try {
    onTestFinished(() => database.drop())
  } catch {
    // Not inside a test: the caller's hook drops it.
  }
}
