import type { Name, ObjectKind } from '../../model/name.ts'
import type {
  Dependent,
  Domain,
  EnumType,
  Index,
  NameSpace,
  Publication,
  SchemaFunction,
  SchemaObject,
  Sequence,
  Table,
  View,
} from '../../model/schema.ts'
import { keyOf, temporarySchema } from './key.ts'
import { Links } from './links.ts'
import { isInSchema, keyPrefix, objectKey } from './object-key.ts'
import { KnownPlaces, placed } from './known-places.ts'
import type { Place } from './known-places.ts'
import { UndoMap } from './undo-map.ts'
import type { KeyChanges } from './undo-map.ts'

export const defaultSearchPath: readonly string[] = ['public']

/** What a history has left, and how names find it: the search path decides where bare ones lead. */
export class NamedObjects {
  /** Major version of the server that is followed; undefined: the newest. */
  readonly server: number | undefined
  searchPath: readonly string[] = defaultSearchPath
  complete = true

  /** Of what tells where bare names lead. */
  private readonly keyChanges: KeyChanges = { count: 0 }
  private readonly knownPlaces: KnownPlaces = new KnownPlaces()
  protected readonly tableMap: UndoMap<Table> = new UndoMap(this.keyChanges)
  protected readonly viewMap: UndoMap<View> = new UndoMap(this.keyChanges)
  protected readonly indexMap: UndoMap<Index> = new UndoMap()
  protected readonly sequenceMap: UndoMap<Sequence> = new UndoMap()
  protected readonly enumMap: UndoMap<EnumType> = new UndoMap(this.keyChanges)
  protected readonly domainMap: UndoMap<Domain> = new UndoMap(this.keyChanges)
  protected readonly publicationMap: UndoMap<Publication> = new UndoMap()
  protected readonly functionMap: UndoMap<SchemaFunction> = new UndoMap(this.keyChanges)
  protected readonly dependentMap: UndoMap<Dependent> = new UndoMap()
  protected readonly objectMap: UndoMap<SchemaObject> = new UndoMap(this.keyChanges)
  /** Schemas that were dropped or renamed: nothing is made in them, though the search path names them. */
  protected readonly goneSchemas: UndoMap<true> = new UndoMap(this.keyChanges)
  /** Tables, views, indexes and sequences share one namespace; the value is the migration that created the relation. */
  protected readonly relations: UndoMap<number> = new UndoMap(this.keyChanges)
  /** From a table to the tables whose foreign keys point at it. */
  protected readonly foreignKeys: Links = new Links()
  /** From a table or view to the views that read it. */
  protected readonly readers: Links = new Links()
  /** From a table or materialized view to its indexes. */
  protected readonly ownIndexes: Links = new Links()
  /** From a table to the sequences that belong to its columns. */
  protected readonly ownSequences: Links = new Links()
  /** From a function, by its name alone, to the tables whose triggers call it. */
  protected readonly triggerTables: Links = new Links()
  /** From a partition or heir to its parents. */
  protected readonly parents: Links = new Links()
  /** From a type, by its name alone, to the tables that have a column of it. */
  protected readonly typeTables: Links = new Links()
  /** From a type, by its name alone, to whatever else has it: functions, domains, objects, tables made of it. */
  protected readonly typeUsers: Links = new Links()
  /** From a relation to the objects that are on it. */
  protected readonly objectsOnRelations: Links = new Links()
  /** From a relation to the tables and domains with a default that names it by a constant. */
  protected readonly namedInDefaults: Links = new Links()
  /** From what is needed, by its kind and name, to the objects that need it. */
  protected readonly neededBy: Links = new Links()
  /** Names of constraints, as keys with their schema: all that there are, and some that there were. */
  protected readonly constraintNames: Set<string> = new Set()
  private expectedTypes: ReadonlySet<string> = new Set()
  /** Whether the temporary schema may hold anything. */
  protected usesTemporary = false
  protected migration = 0

  constructor(server?: number) {
    this.server = server
  }

  /** Whether the server is older than a major version. */
  isBefore(major: number): boolean {
    return this.server !== undefined && this.server < major
  }

  resolve(name: Name, space?: NameSpace): Required<Name> {
    return this.placeOf(name, space).name
  }

  /** Where a name leads. A bare one is asked for many times between two changes. */
  protected placeOf({ schema, name }: Name, space?: NameSpace): Place {
    if (schema !== undefined) return placed({ schema, name })
    const { searchPath, usesTemporary } = this
    const known = this.knownPlaces.of(space, searchPath, usesTemporary, this.keyChanges.count)
    const before = known.get(name)
    if (before !== undefined) return before
    const found =
      space === undefined
        ? (this.schemaOf(name, 'relation') ?? this.schemaOf(name, 'type') ?? this.schemaOf(name, 'function'))
        : this.schemaOf(name, space)
    const place = placed({ schema: found ?? this.creationSchema(), name })
    known.set(name, place)
    return place
  }

  /** The first schema on the search path that has such a name. */
  private schemaOf(name: string, space: NameSpace): string | undefined {
    const has = (schema: string): boolean => this.exists({ schema, name }, space)
    return this.usesTemporary && has(temporarySchema) ? temporarySchema : this.searchPath.find(has)
  }

  creationSchema(): string {
    const [first = 'public'] = this.searchPath
    return this.searchPath.find((schema) => !this.goneSchemas.has(schema)) ?? first
  }

  /** A schema came, or went. */
  noteSchema(schema: string, isThere: boolean): void {
    if (isThere) this.goneSchemas.delete(schema)
    else this.goneSchemas.set(schema, true)
  }

  schemaIsGone(schema: string): boolean {
    return this.goneSchemas.has(schema)
  }

  /** The name with its schema, for kinds that lie in schemas. */
  resolveObject(kind: ObjectKind, name: Name): Name {
    if (!isInSchema(kind)) return { name: name.name }
    if (name.schema !== undefined) return name
    const keys = this.objectMap.names()
    const has = (schema: string): boolean => {
      const prefix = keyPrefix(kind, { schema, name: name.name })
      return keys.some((key) => key.startsWith(prefix))
    }
    return { schema: this.searchPath.find(has) ?? this.creationSchema(), name: name.name }
  }

  /** Types that are going to be made, and count as being there. */
  expectTypes(names: readonly Name[]): void {
    this.keyChanges.count += 1
    this.expectedTypes = new Set(names.map(({ schema = this.creationSchema(), name }) => keyOf({ schema, name })))
  }

  /** A type of this name is on the search path: it is the user's. */
  isKnownType(name: string): boolean {
    return this.schemaOf(name, 'type') !== undefined
  }

  private exists(name: Required<Name>, space: NameSpace): boolean {
    const key = keyOf(name)
    if (space === 'relation') return this.relations.has(key)
    if (space === 'function') return this.functionMap.has(key)
    if (this.expectedTypes.has(key)) return true
    const isNamed = this.enumMap.has(key) || this.domainMap.has(key) || this.objectMap.has(objectKey('type', name))
    return isNamed || this.tableMap.has(key) || this.viewMap.has(key)
  }
}
