import { createHash } from 'node:crypto'
import type { Connection } from '../model/database.ts'
import type { CatalogueSource } from './catalogue/source.ts'
import { catalogueSources } from './catalogue/sources.ts'
import { changesBetween } from './catalogue-changes.ts'
import { inCatalogueSession } from './catalogue-session.ts'
import { type CatalogueState, readCatalogueState } from './catalogue-state.ts'
import { CatalogueReader } from './read-catalogue.ts'
import { SchemaObjects } from './schema-objects.ts'
import { SchemaRows } from './schema-rows.ts'

/** Aspects of one part of an object, in words: `nullability` is `not null`. What is ordinary is left out. */
export type Aspects = Readonly<Record<string, string>>
/** Parts of one object: '' is the object itself, `column title` a part. */
export type Parts = Readonly<Record<string, Aspects>>

/** A schema as the catalogue tells it, without OIDs: equal schemas give equal fingerprints on one server version. */
export interface Fingerprint {
  readonly version: 1
  /** SHA-256 of the canonical JSON of `objects`, in hexadecimal. */
  readonly hash: string
  /** By kind and name: `table public.books`. Keys are sorted at every level. */
  readonly objects: Readonly<Record<string, Parts>>
  /** Columns of each table in their order. Not a part of the hash: a column that comes back comes last. */
  readonly columnOrder: Readonly<Record<string, readonly string[]>>
  /** Kinds of objects that the role may not read, with the catalogue; they are not in `objects`. */
  readonly unread: readonly Unread[]
}

export interface Unread {
  /** `policies`. */
  readonly kind: string
  /** `pg_policy`. */
  readonly catalogue: string
}

export interface FingerprintOptions {
  /** The schema that holds the tool's journal and is left out; `migrate` when absent. */
  readonly journalSchema?: string
  /** False leaves owners and privileges out, for databases whose roles differ. Default true. */
  readonly owners?: boolean
  /** Catalogues that another fingerprint could not read, and that are left out of this one for a fair comparison. */
  readonly leaveOut?: readonly string[]
}

/**
 * Reads the whole catalogue; `docs/formats.md` says what is told. The system's schemas and the journal's are left out;
 * objects of extensions are told by the extension's version. Reads only, and needs no rights on the objects.
 */
export async function fingerprint(connection: Connection, options: FingerprintOptions = {}): Promise<Fingerprint> {
  return new FingerprintReader(options).read(connection)
}

/** Knows the schema of one database, and reads again only what can have changed. */
export class FingerprintReader {
  readonly #options: FingerprintOptions
  readonly #catalogue = new CatalogueReader()
  readonly #rows = new SchemaRows()
  readonly #objects: SchemaObjects
  /** The same ones at each reading: what they tell is remembered by source. */
  #sources: readonly CatalogueSource[] | undefined
  #state: CatalogueState | undefined
  #closed = ''
  #last: Fingerprint | undefined

  constructor(options: FingerprintOptions = {}) {
    this.#options = options
    this.#objects = new SchemaObjects(options.owners ?? true)
  }

  async read(connection: Connection): Promise<Fingerprint> {
    const { leaveOut = [], journalSchema = 'migrate' } = this.#options
    return inCatalogueSession(connection, async ({ unreadable }) => {
      const state = await readCatalogueState(connection, journalSchema, unreadable)
      const closed = new Set([...unreadable, ...leaveOut])
      const changes = this.#isClosed(closed) ? changesBetween(this.#state, state) : 'everything'
      if (changes !== 'everything' && changes.catalogues.size === 0 && this.#last !== undefined) return this.#last
      const sources = (this.#sources ??= catalogueSources(Math.floor(connection.versionNumber / 10_000)))
      const answer = await this.#catalogue.read(connection, { sources, leaveOut: closed, journalSchema, changes })
      this.#state = state
      this.#objects.make(this.#rows.take(answer, state.relations), this.#rows)
      return (this.#last = this.#fingerprint(unreadSources(sources, closed)))
    })
  }

  /** Whether the same catalogues are closed to the role as before. */
  #isClosed(closed: ReadonlySet<string>): boolean {
    const were = this.#closed
    this.#closed = [...closed].join(' ')
    return were === this.#closed
  }

  #fingerprint(unread: readonly Unread[]): Fingerprint {
    return {
      version: 1,
      hash: createHash('sha256').update(this.#objects.json()).digest('hex'),
      objects: this.#objects.objects(),
      columnOrder: this.#objects.columnOrder(),
      unread,
    }
  }
}

function unreadSources(sources: readonly CatalogueSource[], closed: ReadonlySet<string>): readonly Unread[] {
  return sources.flatMap(({ kind, reads }) => {
    const catalogue = reads.find((name) => closed.has(name))
    return catalogue === undefined ? [] : [{ kind, catalogue }]
  })
}
