/** What another tool keeps in the database about its migrations. Pure: it is given rows and files, and says what is applied. */
export interface ToolJournal {
  readonly id: string
  readonly title: string
  /** The id of the layout of its files; absent where they are not read. */
  readonly layout?: string
  /** Its tables; by the first it is known. */
  readonly tables: readonly [JournalTable, ...JournalTable[]]
  /** Tables that say that the first one is another tool's. */
  readonly unless?: readonly string[]
  /** Which hashes are checked, as a clause: `SHA-256 of each file`. Absent: it keeps none. */
  readonly checks?: string
  /** One sentence each, for its page: what is taken over, what is refused. */
  readonly notes: readonly string[]
  /** Without a layout: why its files are not read, as a sentence. */
  readonly withoutFiles?: string
  read(input: JournalInput): JournalReading
}

export interface JournalTable {
  /** Absent: whichever it is found in. */
  readonly schema?: string
  readonly name: string
  /** Columns that it must have, to be told from tables of the same name. */
  readonly columns: readonly string[]
  /** Columns that it must not have. */
  readonly without?: readonly string[]
}

/** Every value as the server writes it in JSON, without quotes: a timestamp in ISO form, bytes as `\x…`. */
export type JournalRow = Readonly<Record<string, string | null | undefined>>

export interface JournalInput {
  /** By the name of the table; a table that is not there has no rows. */
  readonly rows: Readonly<Record<string, readonly JournalRow[]>>
  /** The migrations of the directory, in their order. */
  readonly files: readonly JournalFile[]
  /** Everything that the layout reads: plans and lists of files too. */
  readonly sources: readonly Pick<JournalFile, 'path' | 'text' | 'bytes'>[]
}

/** A migration of the directory. */
export interface JournalFile {
  readonly id: string
  readonly name: string
  /** With forward slashes. */
  readonly path: string
  readonly text: string
  /** As they lie on disk. */
  readonly bytes: Uint8Array
}

/** A migration that the journal says is applied. */
export interface JournalEntry {
  readonly file: JournalFile
  readonly appliedAt?: string | undefined
}

export interface JournalReading {
  /** In the order in which they were applied. */
  readonly applied: readonly JournalEntry[]
  /** Why it cannot be taken over as it is, one sentence each: what failed, is half done, has no file or another one. */
  readonly refused: readonly string[]
}
