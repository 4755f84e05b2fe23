import type { Finding, LintReport } from '../model/finding.ts'
import type { ParsedMigration } from '../model/migration.ts'
import type { LayoutWriter, NoWriter, TextOf, WrittenFile } from '../layouts/layout.ts'

/** What a machine knows of a project to mend its findings. Nothing of it is written by them. */
export interface FixInput {
  /** What there is before anything is mended. */
  readonly state: FixState
  /** Ids of the migrations that were asked about. */
  readonly asked: ReadonlySet<string>
  readonly writer: LayoutWriter | NoWriter
  /** Why a migration must not be touched; undefined where it may be. */
  mustKeep(migration: ParsedMigration): string | undefined
  /** The names of the files beside a path, of every kind. */
  namesBeside(path: string): readonly string[]
  /** The text of a file that was read; undefined where there is none. */
  readonly textOf: TextOf
  /**
   * The migrations as they would be with these files in the place of those that lie there.
   *
   * @throws ToolkitError where the layout refuses them
   */
  read(files: ReadonlyMap<string, NewText>): Promise<readonly ParsedMigration[]>
  /** What lint says of the migrations with these ids. */
  judge(migrations: readonly ParsedMigration[], ids: ReadonlySet<string>): LintReport
}

/** A text that a file is to have; `behind`: the file that a new one is cut from. */
export interface NewText {
  readonly text: string
  readonly behind?: string
}

export interface FixState {
  readonly files: ReadonlyMap<string, NewText>
  readonly migrations: readonly ParsedMigration[]
  readonly findings: readonly Finding[]
}

/** Files that mend one finding, or why it cannot be mended. */
export type Mending =
  | { readonly files: readonly WrittenFile[]; readonly added: number; readonly migration: ParsedMigration }
  | { readonly reason: string }

/** A finding that a machine could mend and that stays. */
export interface LeftFinding {
  readonly finding: Finding
  /** A clause that begins with a small letter. */
  readonly reason: string
}

/** What mending comes to. */
export interface FixPlan {
  readonly files: ReadonlyMap<string, NewText>
  readonly fixed: readonly Finding[]
  readonly left: readonly LeftFinding[]
  /** What lint says afterwards of the same migrations, and of those that were cut from them. */
  readonly report: LintReport
}
