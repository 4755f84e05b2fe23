import type { Fact } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { SchemaPart, Table } from '../../model/schema.ts'
import { applyFact } from './apply.ts'
import type { Catalogue } from './catalogue.ts'

/**
 * What a statement removes, what it names itself among it: the schema before and after it are compared, and the
 * catalogue is as before.
 */
export function goesWith(catalogue: Catalogue, fact: Fact): readonly SchemaPart[] {
  const before = partsOf(catalogue)
  const mark = catalogue.mark()
  applyFact(catalogue, fact)
  const after = new Set(partsOf(catalogue).map(keyOfPart))
  catalogue.backTo(mark)
  const gone = before.filter((part) => !after.has(keyOfPart(part)))
  const relations = new Set(gone.flatMap(({ of, name }) => (of === undefined ? [nameKey(name)] : [])))
  // What is on a relation that goes needs no word of its own.
  return gone.filter(({ of }) => of === undefined || !relations.has(nameKey(of)))
}

function nameKey({ schema = '', name }: Name): string {
  return `${schema}\0${name}`
}

function keyOfPart({ kind, name, of, argumentTypes = [] }: SchemaPart): string {
  return [kind, nameKey(name), of === undefined ? '' : nameKey(of), ...argumentTypes].join('\0')
}

function partsOf(catalogue: Catalogue): readonly SchemaPart[] {
  return [
    ...catalogue.tables().flatMap(partsOfTable),
    ...catalogue.views().map(({ name, materialized }) => ({ kind: materialized ? 'materialized view' : 'view', name })),
    ...catalogue.sequences().map(({ name }) => ({ kind: 'sequence', name })),
    ...catalogue.enumTypes().map(({ name }) => ({ kind: 'type', name })),
    ...catalogue.domains().map(({ name }) => ({ kind: 'domain', name })),
    ...catalogue
      .domains()
      .flatMap(({ name: of, constraints }) =>
        [...constraints.keys()].map((name) => ({ kind: 'constraint', name: { name }, of })),
      ),
    ...catalogue.functions().flatMap(({ name, signatures }) =>
      signatures.map(({ procedure, argumentTypes }) => ({
        kind: procedure ? 'procedure' : 'function',
        name,
        argumentTypes,
      })),
    ),
    ...catalogue
      .objects()
      .filter(({ partOf }) => partOf !== true)
      .map(({ object, name, table, argumentTypes }) => ({
        kind: object.replaceAll('-', ' '),
        name,
        ...(table === undefined ? {} : { of: table }),
        ...(argumentTypes === undefined ? {} : { argumentTypes }),
      })),
  ]
}

function partsOfTable({ name: of, columns, constraints, indexes, triggers, policies }: Table): readonly SchemaPart[] {
  const part = (kind: string, name: string): SchemaPart => ({ kind, name: { name }, of })
  const own = [...columns.values()]
  const withDefault = own.filter((column) => column.default !== undefined && column.generated === undefined)
  return [
    { kind: 'table', name: of },
    ...own.map(({ name, generated }) => part(generated === undefined ? 'column' : 'generated column', name)),
    ...withDefault.map(({ name }) => part('default', name)),
    ...[...constraints.keys()].map((name) => part('constraint', name)),
    ...[...indexes.keys()].map((name) => part('index', name)),
    ...[...triggers.keys()].map((name) => part('trigger', name)),
    ...[...policies].map((name) => part('policy', name)),
  ]
}
