import type { Allow, Migration, ParsedMigration, SourceFile } from '../model/migration.ts'

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
export function filesOf({ source, up, down, allows }: Migration): readonly SourceFile[] {
  const parts = [up, ...(down.kind === 'sql' ? [down.section] : []), ...allows]
  return [source, ...parts.flatMap((part) => part.source ?? [])]
}
