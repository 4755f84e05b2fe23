import { ToolkitError } from '../core/errors.ts'
import type { AppliedMigration } from '../model/journal.ts'
import type { SourceFile } from '../model/migration.ts'
import type { ParsedSql } from '../model/statement.ts'
import type { RunMigration } from './run-migration.ts'

/** How one applied migration is reverted. */
export interface WayBack {
  readonly applied: AppliedMigration
  /** The migration on disk; undefined when its file is gone. */
  readonly migration: RunMigration | undefined
  /** `journal`: the file is gone, lost its way back, or was edited since, so the text kept at that time is taken. */
  readonly from: 'file' | 'journal'
  readonly source: SourceFile
  readonly sql: ParsedSql
  readonly transaction: boolean
}

/**
 * The way back of an applied migration: the file's as long as its up is what was applied, else what the journal kept.
 *
 * @throws ToolkitError `downgrade-refused` when there is none
 */
export function wayBack(
  applied: AppliedMigration,
  migrations: readonly RunMigration[],
  parse: (sql: string) => ParsedSql,
): WayBack {
  const migration = migrations.find(({ id }) => id === applied.id)
  if (migration?.meaning === applied.meaning) {
    const { down, source, downSql } = migration
    if (down.kind === 'sql')
      return { applied, migration, from: 'file', source, sql: downSql, transaction: down.section.transaction }
    if (down.kind === 'none') throw refused(applied, `it is declared irreversible: ${down.reason}`)
  }
  if (applied.down === null) throw refused(applied, 'it has no down section')
  const source = { path: `journal/${applied.id}_${applied.name}.down.sql`, text: applied.down, sha256: '' }
  return { applied, migration, from: 'journal', source, sql: parse(applied.down), transaction: applied.downTransaction }
}

function refused({ id, name }: AppliedMigration, why: string): ToolkitError {
  return new ToolkitError({
    code: 'downgrade-refused',
    message: `${id} (${name}) cannot be reverted: ${why}. Nothing was changed.`,
    hint: 'Write a new migration that brings the database where it should be.',
  })
}
