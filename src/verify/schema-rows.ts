import type { CatalogueSource } from './catalogue/source.ts'
import type { RelationState } from './catalogue-state.ts'
import type { CatalogueAnswer, CatalogueRow } from './read-catalogue.ts'

/** Name of an object, or OID of a relation. */
type Key = string | number

interface Group {
  readonly rows: readonly CatalogueRow[]
  /** Their JSON, by which two groups are compared. */
  readonly text: string
}

/** What one source tells of one object. */
export interface Told {
  readonly source: CatalogueSource
  readonly rows: readonly CatalogueRow[]
}

/** The rows of all sources as they were read last, by the object that they tell of. */
export class SchemaRows {
  readonly #groups = new Map<CatalogueSource, Map<Key, Group>>()
  #relations: ReadonlyMap<number, RelationState> = new Map()
  #oids: ReadonlyMap<string, number> = new Map()

  /** Takes what was read anew, and gives the names of the objects of which something else is told now. */
  take({ rows, again }: CatalogueAnswer, relations: ReadonlyMap<number, RelationState>): ReadonlySet<string> {
    const touched = new Set<Key>()
    for (const [source, all] of rows)
      this.#replace(source, groupsOf(all), source.byRelation === true ? again : undefined, touched)
    return new Set([...this.#rename(relations), ...[...touched].flatMap((key) => this.#nameOf(key) ?? [])])
  }

  /** In the order of the sources. Of relations of extensions only what users add to them is told. */
  of(object: string): readonly Told[] {
    const oid = this.#oids.get(object)
    const ofExtension = oid !== undefined && this.#relations.get(oid)?.ofExtension === true
    return [...this.#groups].flatMap(([source, groups]) => {
      const isTold = oid !== undefined && (!ofExtension || source.onExtensions === true)
      const rows = groups.get(object)?.rows ?? (isTold ? groups.get(oid)?.rows : undefined)
      return rows === undefined ? [] : [{ source, rows }]
    })
  }

  #replace(
    source: CatalogueSource,
    now: ReadonlyMap<Key, Group>,
    only: readonly Key[] | undefined,
    touched: Set<Key>,
  ): void {
    const known = this.#groups.get(source) ?? new Map<Key, Group>()
    this.#groups.set(source, known)
    for (const key of only ?? new Set([...known.keys(), ...now.keys()])) {
      const group = now.get(key)
      if (known.get(key)?.text === group?.text) continue
      touched.add(key)
      if (group === undefined) known.delete(key)
      else known.set(key, group)
    }
  }

  #rename(relations: ReadonlyMap<number, RelationState>): readonly string[] {
    const old = this.#relations
    this.#relations = relations
    this.#oids = new Map([...relations].map(([oid, { object }]) => [object, oid]))
    const differing = [...new Set([...old.keys(), ...relations.keys()])].filter((oid) => {
      const [was, is] = [old.get(oid), relations.get(oid)]
      return was?.object !== is?.object || was?.ofExtension !== is?.ofExtension
    })
    return differing.flatMap((oid) => [old.get(oid)?.object ?? [], relations.get(oid)?.object ?? []].flat())
  }

  #nameOf(key: Key): string | undefined {
    return typeof key === 'number' ? this.#relations.get(key)?.object : key
  }
}

function groupsOf(all: readonly CatalogueRow[]): ReadonlyMap<Key, Group> {
  const rows = new Map<Key, CatalogueRow[]>()
  for (const row of all) {
    const own = rows.get(row[0])
    if (own === undefined) rows.set(row[0], [row])
    else own.push(row)
  }
  return new Map([...rows].map(([key, own]) => [key, { rows: own, text: JSON.stringify(own) }]))
}
