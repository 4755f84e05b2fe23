import type { Name } from '../../model/name.ts'
import { ChangingSchema } from './changing-schema.ts'
import { keyOf } from './key.ts'
import { defaultSearchPath } from './names.ts'
import type { Needed } from './needs.ts'
import { packCatalogue, unpackCatalogue } from './packed-catalogue.ts'
import type { UndoMap } from './undo-map.ts'

/** A state that the catalogue can go back to. */
export interface CatalogueMark {
  readonly complete: boolean
  readonly marks: readonly number[]
}

/** A catalogue as plain data: maps of what it holds, in the order of `maps()`. */
export interface FrozenCatalogue {
  readonly server: number | undefined
  readonly complete: boolean
  readonly usesTemporary: boolean
  readonly migration: number
  readonly maps: readonly ReadonlyMap<string, unknown>[]
}

/** The schema while a history is replayed, which can go back, and can be kept. */
export class Catalogue extends ChangingSchema {
  /** Tables of this migration's CREATE TABLE IF NOT EXISTS: they may have existed without the history knowing. */
  private readonly doubtful: Set<string> = new Set()

  private readonly gone: { readonly what: Needed; readonly cascade: boolean }[] = []

  /** Something went: what cannot be without it is looked for when the statement is through, see `settle`. */
  noteGone(what: Needed, cascade: boolean): void {
    this.gone.push({ what, cascade })
  }

  takeGone(): { readonly what: Needed; readonly cascade: boolean } | undefined {
    return this.gone.shift()
  }

  /** A session's settings do not outlive its migration; what is created from here on is new. */
  beginMigration(): void {
    this.migration += 1
    this.searchPath = defaultSearchPath
    this.doubtful.clear()
    for (const map of this.maps()) map.forget()
  }

  /** Whether the temporary schema may hold anything; from here on it does not. */
  takeTemporary(): boolean {
    const had = this.usesTemporary
    this.usesTemporary = false
    return had
  }

  resetSearchPath(): void {
    this.searchPath = defaultSearchPath
  }

  override carryAge(from: Required<Name>, to: Required<Name>): void {
    super.carryAge(from, to)
    if (this.doubtful.delete(keyOf(from))) this.doubtful.add(keyOf(to))
  }

  markDoubtful(name: Required<Name>): void {
    this.doubtful.add(keyOf(name))
  }

  /**
   * A statement names a column that a CREATE TABLE IF NOT EXISTS of this migration does not have: so the table had
   * existed all along, with another shape.
   */
  disbelieve(table: Name, columns: readonly string[]): void {
    if (this.doubtful.size === 0) return
    const key = keyOf(this.resolve(table))
    const state = this.tableMap.get(key)
    if (state === undefined || !this.doubtful.has(key)) return
    if (columns.some((column) => column !== '' && !state.columns.has(column))) this.relations.set(key, 0)
  }

  /** A state to go back to, as often as wanted, until the next migration begins. */
  mark(): CatalogueMark {
    return { complete: this.complete, marks: this.maps().map((map) => map.mark()) }
  }

  backTo({ complete, marks }: CatalogueMark): void {
    this.complete = complete
    this.maps().forEach((map, index) => map.backTo(marks[index] ?? 0))
  }

  /** All there is to know between two migrations, as plain data. */
  freeze(): FrozenCatalogue {
    const { server, complete, usesTemporary, migration } = this
    return { server, complete, usesTemporary, migration, maps: this.maps().map((map) => new Map(map)) }
  }

  /** What there is, each kind sorted by name; when it was created is left out. */
  contents(): readonly (readonly (readonly [string, unknown])[])[] {
    return this.maps()
      .filter((map) => map !== this.relations)
      .map((map) => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }

  static thaw({ server, complete, usesTemporary, migration, maps }: FrozenCatalogue): Catalogue {
    const catalogue = new Catalogue(server)
    catalogue.complete = complete
    catalogue.usesTemporary = usesTemporary
    catalogue.migration = migration
    catalogue.maps().forEach((map, index) => {
      for (const [key, value] of maps[index] ?? []) map.set(key, value)
    })
    catalogue.noteAllLinks()
    return catalogue
  }

  /** The same as `freeze` for a file: of what is unpacked from it, objects that nobody asks for stay packed. */
  pack(): Buffer {
    const { server, complete, usesTemporary, migration } = this
    return packCatalogue({
      server,
      complete,
      usesTemporary,
      migration,
      relations: [...this.relations],
      constraintNames: [...this.constraintNames],
      links: this.links().map((links) => links.entries()),
      objects: this.objectMaps().map((map) => map.allPacked()),
    })
  }

  /** @throws Error for bytes that `pack` did not give */
  static unpack(bytes: Buffer): Catalogue {
    const { server, complete, usesTemporary, migration, relations, constraintNames, links, objects } =
      unpackCatalogue(bytes)
    const catalogue = new Catalogue(server)
    catalogue.complete = complete
    catalogue.usesTemporary = usesTemporary
    catalogue.migration = migration
    for (const [key, age] of relations) catalogue.relations.set(key, age)
    for (const name of constraintNames) catalogue.constraintNames.add(name)
    catalogue.links().forEach((own, index) => own.keep(links[index] ?? []))
    catalogue.objectMaps().forEach((map, index) => {
      for (const [key, value] of objects[index] ?? []) map.setPacked(key, value)
    })
    return catalogue
  }

  private maps(): readonly UndoMap<unknown>[] {
    return [...this.objectMaps(), this.relations]
  }

  private objectMaps(): readonly UndoMap<unknown>[] {
    return [
      this.tableMap,
      this.viewMap,
      this.indexMap,
      this.sequenceMap,
      this.enumMap,
      this.domainMap,
      this.functionMap,
      this.publicationMap,
      this.dependentMap,
      this.objectMap,
      this.goneSchemas,
    ]
  }
}
