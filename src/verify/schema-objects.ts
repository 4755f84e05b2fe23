import { position } from './catalogue/columns.ts'
import type { Fingerprint, Parts } from './fingerprint.ts'
import { unusualPrivileges } from './privileges.ts'
import type { CatalogueRow } from './read-catalogue.ts'
import type { SchemaRows, Told } from './schema-rows.ts'
import { privilegesPart } from './words/privileges-of.ts'

interface SchemaObject {
  readonly parts: Parts
  /** Its name and parts as they stand in the JSON of all objects. */
  readonly json: string
  /** Of a table: the columns in their order. */
  readonly columns: readonly string[] | undefined
}

/** The objects of a fingerprint. One that did not change stays the very same, so that comparing it costs nothing. */
export class SchemaObjects {
  readonly #owners: boolean
  readonly #objects = new Map<string, SchemaObject>()
  #sorted: readonly (readonly [string, SchemaObject])[] = []

  constructor(owners: boolean) {
    this.#owners = owners
  }

  /** Makes some objects anew. */
  make(names: ReadonlySet<string>, rows: SchemaRows): void {
    for (const name of names) {
      const collected = new Collected(this.#owners)
      for (const told of rows.of(name)) collected.add(told)
      const parts = collected.parts()
      if (Object.keys(parts).length === 0) this.#objects.delete(name)
      else {
        const json = `${JSON.stringify(name)}:${JSON.stringify(parts)}`
        this.#objects.set(name, { parts, json, columns: name.startsWith('table ') ? collected.columns() : undefined })
      }
    }
    if (names.size > 0) this.#sorted = sorted([...this.#objects])
  }

  /** As `JSON.stringify` writes all of them. */
  json(): string {
    return `{${this.#sorted.map(([, { json }]) => json).join(',')}}`
  }

  objects(): Fingerprint['objects'] {
    return Object.fromEntries(this.#sorted.map(([name, { parts }]) => [name, parts]))
  }

  columnOrder(): Fingerprint['columnOrder'] {
    return Object.fromEntries(
      this.#sorted.flatMap(([name, { columns }]) =>
        columns === undefined ? [] : [[name.slice('table '.length), columns] as const],
      ),
    )
  }
}

/** The parts of one object, source by source. */
class Collected {
  readonly #owners: boolean
  readonly #parts = new Map<string, Map<string, string>>()
  readonly #columns = new Map<number, string>()

  constructor(owners: boolean) {
    this.#owners = owners
  }

  add({ source, rows }: Told): void {
    const names = Object.keys(source.aspects)
    // Privileges alone make no object: those of the system are told only where they were changed.
    const isThing = names.length > 0 || source.access === undefined
    for (const row of rows) this.#addRow(row, names, isThing)
  }

  parts(): Parts {
    return Object.fromEntries(
      sorted([...this.#parts]).map(([part, aspects]) => [part, Object.fromEntries(sorted([...aspects]))]),
    )
  }

  columns(): readonly string[] | undefined {
    if (this.#columns.size === 0) return undefined
    return [...this.#columns].toSorted(([a], [b]) => a - b).map(([, name]) => name)
  }

  #addRow([, part, privileges, ...values]: CatalogueRow, names: readonly string[], isThing: boolean): void {
    const aspects = isThing ? this.#part(part ?? '') : new Map<string, string>()
    for (const [index, name] of names.entries()) {
      const value = values[index]
      if (typeof value !== 'string' || (name === 'owner' && !this.#owners)) continue
      if (name === position) this.#columns.set(Number(value), (part ?? '').replace(/^column /, ''))
      else aspects.set(name, value)
    }
    if (privileges === null || !this.#owners) return
    const prefix = part === null ? '' : `${part}, `
    for (const [role, text] of unusualPrivileges(...privileges))
      this.#part(`${prefix}${privilegesPart}${role}`).set('privileges', text)
  }

  #part(part: string): Map<string, string> {
    const aspects = this.#parts.get(part) ?? new Map<string, string>()
    this.#parts.set(part, aspects)
    return aspects
  }
}

function sorted<T>(entries: readonly (readonly [string, T])[]): readonly (readonly [string, T])[] {
  return entries.toSorted(([a], [b]) => (a < b ? -1 : 1))
}
