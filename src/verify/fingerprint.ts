import { createHash } from 'node:crypto'
import type { Connection } from '../model/database.ts'
import { position } from './catalogue/columns.ts'
import type { CatalogueSource } from './catalogue/source.ts'
import { catalogueSources } from './catalogue/sources.ts'
import { inCatalogueSession } from './catalogue-session.ts'
import { unusualPrivileges } from './privileges.ts'
import { privilegesPart } from './words/privileges-of.ts'
import { type CatalogueAnswer, type CatalogueRow, type Relation, readCatalogue } from './read-catalogue.ts'

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
  return inCatalogueSession(connection, async (session) => {
    const unreadable = new Set([...session.unreadable, ...(options.leaveOut ?? [])])
    const all = catalogueSources(Math.floor(connection.versionNumber / 10_000))
    const sources = all.filter(({ reads }) => !reads.some((catalogue) => unreadable.has(catalogue)))
    const answer = await readCatalogue(connection, sources, options.journalSchema ?? 'migrate')
    const unread = all.flatMap(({ kind, reads }) => {
      const catalogue = reads.find((name) => unreadable.has(name))
      return catalogue === undefined ? [] : [{ kind, catalogue }]
    })
    return fingerprintOf(sources, answer, unread, options.owners ?? true)
  })
}

function fingerprintOf(
  sources: readonly CatalogueSource[],
  answer: CatalogueAnswer,
  unread: readonly Unread[],
  owners: boolean,
): Fingerprint {
  const collected = new Collected(answer.relations, owners)
  for (const [number, source] of sources.entries()) {
    const names = Object.keys(source.aspects)
    for (const row of answer.rows.get(number) ?? []) collected.add(row, source, names)
  }
  const objects = collected.sorted()
  return {
    version: 1,
    hash: createHash('sha256').update(JSON.stringify(objects)).digest('hex'),
    objects,
    columnOrder: collected.columnOrder(),
    unread,
  }
}

class Collected {
  readonly #relations: ReadonlyMap<number, Relation>
  readonly #owners: boolean
  readonly #objects = new Map<string, Map<string, Map<string, string>>>()
  readonly #columns = new Map<string, Map<number, string>>()

  constructor(relations: ReadonlyMap<number, Relation>, owners: boolean) {
    this.#relations = relations
    this.#owners = owners
  }

  add(row: CatalogueRow, source: CatalogueSource, names: readonly string[]): void {
    const [named, part, privileges, ...values] = row
    const object = typeof named === 'number' ? this.#relationName(named, source) : named
    if (object === undefined) return
    // Privileges alone make no object: those of the system are told only where they were changed.
    const aspects =
      names.length === 0 && source.access !== undefined ? new Map<string, string>() : this.#part(object, part ?? '')
    for (const [index, name] of names.entries()) {
      const value = values[index]
      if (typeof value !== 'string' || (name === 'owner' && !this.#owners)) continue
      if (name === position) this.#place(object, part ?? '', Number(value))
      else aspects.set(name, value)
    }
    if (privileges === null || !this.#owners) return
    const prefix = part === null ? '' : `${part}, `
    for (const [role, text] of unusualPrivileges(...privileges)) {
      this.#part(object, `${prefix}${privilegesPart}${role}`).set('privileges', text)
    }
  }

  columnOrder(): Fingerprint['columnOrder'] {
    const inOrder = (columns: ReadonlyMap<number, string>): readonly string[] =>
      [...columns].toSorted(([a], [b]) => a - b).map(([, name]) => name)
    return sortedRecord([...this.#columns].map(([table, columns]) => [table, inOrder(columns)]))
  }

  sorted(): Fingerprint['objects'] {
    return sortedRecord(
      [...this.#objects].map(([object, parts]) => [
        object,
        sortedRecord([...parts].map(([part, aspects]) => [part, sortedRecord([...aspects])])),
      ]),
    )
  }

  #relationName(oid: number, { onExtensions }: CatalogueSource): string | undefined {
    const relation = this.#relations.get(oid)
    return relation?.ofExtension === true && onExtensions !== true ? undefined : relation?.object
  }

  #place(object: string, part: string, place: number): void {
    const [, table] = /^table (.*)$/s.exec(object) ?? []
    if (table === undefined) return
    const columns = this.#columns.get(table) ?? new Map<number, string>()
    this.#columns.set(table, columns.set(place, part.replace(/^column /, '')))
  }

  #part(object: string, part: string): Map<string, string> {
    const parts = this.#objects.get(object) ?? new Map<string, Map<string, string>>()
    this.#objects.set(object, parts)
    const aspects = parts.get(part) ?? new Map<string, string>()
    parts.set(part, aspects)
    return aspects
  }
}

function sortedRecord<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
