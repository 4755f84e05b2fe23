import { type Allow, type Migration, type ParsedMigration, type SourceFile, sectionsOf } from '../model/migration.ts'

/** The file that the upgrade lies in. */
export function upSource({ up, source }: ParsedMigration): SourceFile {
  return up.source ?? source
}

/** The file that the downgrade lies in; the migration's own where there is none. */
export function downSource({ down, source }: ParsedMigration): SourceFile {
  return (down.kind === 'sql' ? down.section.source : undefined) ?? source
}

export function allowSource(allow: Allow, { source }: ParsedMigration): SourceFile {
  return allow.source ?? source
}

/** Every file that a finding about a migration can lie in. */
export function filesOf(migration: Migration): readonly SourceFile[] {
  const parts = [...sectionsOf(migration), ...migration.allows]
  return [migration.source, ...parts.flatMap((part) => part.source ?? [])]
}
