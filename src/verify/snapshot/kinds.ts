import type { ObjectKind } from '../../model/name.ts'
import {
  accessMethods,
  collations,
  conversions,
  eventTriggers,
  extensions,
  languages,
  schemas,
  transforms,
} from './database.ts'
import { foreignDataWrappers, foreignServers, userMappings } from './foreign.ts'
import { aggregates, functions } from './functions.ts'
import { policies, rowSecurity, rules, statistics, triggers, triggerStates, viewGrants, views } from './on-relations.ts'
import { casts, operatorClasses, operatorFamilies, operators } from './operators.ts'
import type { StatementQuery } from './query.ts'
import { publications, subscriptions } from './replication.ts'
import { ownedSequences, sequences } from './sequences.ts'
import {
  checks,
  foreignKeys,
  indexes,
  indexPartitions,
  inheritance,
  keys,
  looseIndexes,
  looseKeys,
  tables,
} from './tables.ts'
import {
  textSearchConfigurations,
  textSearchDictionaries,
  textSearchMappings,
  textSearchParsers,
  textSearchTemplates,
} from './text-search.ts'
import { baseTypes, composites, domainConstraints, domains, enums, ranges } from './types.ts'

const ofWholeServer = 'belongs to the whole server: names of people and of other databases have no place in a file'

/**
 * How each kind of object that the model follows is read, in the order in which the statements can be replayed, or why it
 * is not. A kind that is forgotten does not compile.
 */
function readersOf(major: number): Readonly<Record<ObjectKind, readonly StatementQuery[] | string>> {
  return {
    schema: [schemas],
    extension: [extensions],
    language: [languages],
    'access-method': [accessMethods],
    // Before whatever calls them.
    function: [functions],
    procedure: 'read with functions',
    aggregate: [aggregates],
    collation: [collations(major)],
    type: [baseTypes, enums, ranges, composites],
    domain: [domains, domainConstraints],
    conversion: [conversions],
    operator: [operators],
    'operator-family': [operatorFamilies],
    'operator-class': [operatorClasses],
    cast: [casts],
    transform: [transforms],
    'text-search-parser': [textSearchParsers],
    'text-search-template': [textSearchTemplates],
    'text-search-dictionary': [textSearchDictionaries],
    'text-search-configuration': [textSearchConfigurations, textSearchMappings],
    'foreign-data-wrapper': [foreignDataWrappers],
    'foreign-server': [foreignServers],
    'user-mapping': [userMappings],
    // Sequences of identity columns come with their tables.
    sequence: [sequences],
    table: [tables],
    'foreign-table': 'read with tables',
    column: [ownedSequences],
    constraint: [keys, checks, foreignKeys],
    view: [views],
    'materialized-view': 'read with views',
    // Partitions and heirs are linked when they have all that is theirs, so that nothing is made twice.
    index: [indexes, inheritance, looseIndexes, looseKeys, indexPartitions],
    statistics: [statistics],
    trigger: [viewGrants, triggers, triggerStates],
    policy: [policies, rowSecurity],
    rule: [rules],
    publication: [publications(major)],
    subscription: [subscriptions],
    'event-trigger': [eventTriggers],
    database: ofWholeServer,
    role: ofWholeServer,
    tablespace: ofWholeServer,
    'large-object': 'no DDL makes one',
    other: 'nothing that has a name',
  }
}

/** One kind, and how it is read. */
export interface KindReader {
  readonly kind: string
  readonly query: StatementQuery
}

/** In the order in which what they give can be replayed. */
export function kindReaders(major: number): readonly KindReader[] {
  return Object.entries(readersOf(major)).flatMap(([kind, queries]) =>
    typeof queries === 'string' ? [] : queries.map((query) => ({ kind, query })),
  )
}
