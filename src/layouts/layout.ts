import type { ErrorCode } from '../core/error-codes.ts'
import type { Place } from '../core/span.ts'
import type { Migration, Phase, SourceFile } from '../model/migration.ts'
import type { ProgramTool } from '../model/recording.ts'

/** How migrations lie on disk. Pure: it is given texts and gives migrations. */
export interface Layout {
  readonly id: string
  readonly title: string
  /** One sentence each, for its page: what is a transaction, what is read and what is left out. */
  readonly notes: readonly string[]
  /** Where layouts fit alike and mean the same, the lowest is taken. The last one fits everything. */
  readonly rank: number
  /** Whether `up` and `down` of ours can run it. */
  readonly runs?: boolean
  /** Directories in which its tool looks when nobody says otherwise, below the project's root. */
  readonly directories: readonly string[]
  /** Files of a project that uses the tool. */
  readonly marks: readonly ProjectMark[]
  /** Another layout that reads the same files as something else: only where a mark is found, this one is taken. */
  readonly refines?: string
  /** Whether a file is read, by its path below the directory, with forward slashes: SQL, journals, plans. */
  wants(path: string): boolean
  /** Its migrations are programs, or some are: see `isProgram` in `recorded/programs.ts`. They are run and recorded before `read`. */
  readonly program?: ProgramTool
  /** Files without which a file that is named by itself cannot be understood, as paths from where it lies. */
  beside?(path: string): readonly string[]
  /** `names`: the paths of all files of the directory, also of those that are not read. */
  detect(files: readonly SourceFile[], names: readonly string[]): Fit
  /** Reads the files, in the order given; the migrations come out in the order they are applied in. */
  read(files: readonly SourceFile[], options: LayoutOptions): LayoutReading
  /** How a migration is cut into several, or why no machine should write its files. */
  readonly writer: LayoutWriter | NoWriter
  /** Why the files of a migration must stay as they are, as a clause; undefined where they may be changed. */
  sealed?(migration: Migration): string | undefined
  /** What its own tool has to be asked for when a file was changed, in one sentence. */
  readonly afterChange?: string
}

/** Why no machine should write files of a layout, and what a person does instead. */
export interface NoWriter {
  /** A clause that begins with a small letter. */
  readonly never: string
}

/** The text of another file as it is now; undefined where there is none. */
export type TextOf = (path: string) => string | undefined

/** Writes what a migration is cut into. Pure: it gives texts. */
export interface LayoutWriter {
  /** Each migration has a folder of its own. */
  readonly inFolders?: true
  /** Several migrations have a file together, so that what is cut stays in it. */
  readonly inOneFile?: true
  /** A file begins and ends its transaction itself: `up` and `down` of a part come without that, and `write` puts it around. */
  readonly framesTransactions?: true
  /** Why files cannot say that they run outside a transaction; absent where they can. */
  readonly alwaysInTransaction?: string
  /** Why this migration cannot be cut, as a clause; undefined where it can. */
  refuses?(migration: Migration, textOf: TextOf): string | undefined
  /** The text that a downgrade is taken from, as long as its file's, where the SQL there has other things around it. */
  downText?(migration: Migration): string
  /** The id right behind `id`; undefined where a file has it or one between them. `taken`: names of the files beside, or of the folders. */
  idAfter(id: string, taken: readonly string[]): string | undefined
  /** The files of all parts. */
  write(parts: readonly MigrationPart[], textOf: TextOf): readonly WrittenFile[]
}

/** One of the migrations that a migration is cut into. */
export interface MigrationPart {
  /** The migration that is cut. */
  readonly from: Migration
  /** Absent for the first part: it keeps its files and what stands above the statements. */
  readonly as?: { readonly id: string; readonly name: string }
  readonly up: string
  /** Absent where the migration has no downgrade. */
  readonly down?: MigrationPartDown
  readonly transaction: boolean
  readonly phase?: Phase
}

export interface MigrationPartDown {
  readonly sql: string
  readonly transaction: boolean
}

export interface WrittenFile {
  readonly path: string
  readonly text: string
}

/**
 * Whether files look like a layout: `certain` where no other tool writes them so, `possible` where several do,
 * `with-mark` where only a mark in the project tells them from bare SQL.
 */
export type Fit = 'no' | 'with-mark' | 'possible' | 'certain'

/** A file in the directory of the migrations or above it. */
export interface ProjectMark {
  readonly file: string
  /** What its text must hold; absent: that it is there says enough. */
  readonly mentions?: string
}

export interface LayoutOptions {
  /** Whether the runner of such files wraps each in a transaction; undefined: what the layout says. */
  readonly inTransaction?: boolean
  /** Rule ids that `-- migrate:allow` may name. */
  readonly knownRules: readonly string[]
  readonly knownGates: readonly string[]
}

export interface LayoutReading {
  readonly migrations: readonly Migration[]
  /** Everything that is wrong with the files, in order of place; nothing is applied while there is any. */
  readonly problems: readonly LayoutProblem[]
}

export interface LayoutProblem {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
  readonly at: Place
}
