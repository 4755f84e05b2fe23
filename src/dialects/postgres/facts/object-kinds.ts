import type { ObjectType } from 'libpg-query'
import type { ObjectKind } from '../../../model/name.ts'

/** For every kind of object that PostgreSQL has: our word for it, and the server's in command tags. */
const kinds: Readonly<Record<ObjectType, readonly [ObjectKind, string]>> = {
  OBJECT_ACCESS_METHOD: ['access-method', 'ACCESS METHOD'],
  OBJECT_AGGREGATE: ['aggregate', 'AGGREGATE'],
  OBJECT_AMOP: ['other', 'OPERATOR'],
  OBJECT_AMPROC: ['other', 'FUNCTION'],
  OBJECT_ATTRIBUTE: ['column', 'TYPE'],
  OBJECT_CAST: ['cast', 'CAST'],
  OBJECT_COLUMN: ['column', 'TABLE'],
  OBJECT_COLLATION: ['collation', 'COLLATION'],
  OBJECT_CONVERSION: ['conversion', 'CONVERSION'],
  OBJECT_DATABASE: ['database', 'DATABASE'],
  OBJECT_DEFAULT: ['other', 'DEFAULT'],
  OBJECT_DEFACL: ['other', 'DEFAULT PRIVILEGES'],
  OBJECT_DOMAIN: ['domain', 'DOMAIN'],
  OBJECT_DOMCONSTRAINT: ['constraint', 'DOMAIN'],
  OBJECT_EVENT_TRIGGER: ['event-trigger', 'EVENT TRIGGER'],
  OBJECT_EXTENSION: ['extension', 'EXTENSION'],
  OBJECT_FDW: ['foreign-data-wrapper', 'FOREIGN DATA WRAPPER'],
  OBJECT_FOREIGN_SERVER: ['foreign-server', 'SERVER'],
  OBJECT_FOREIGN_TABLE: ['foreign-table', 'FOREIGN TABLE'],
  OBJECT_FUNCTION: ['function', 'FUNCTION'],
  OBJECT_INDEX: ['index', 'INDEX'],
  OBJECT_LANGUAGE: ['language', 'LANGUAGE'],
  OBJECT_LARGEOBJECT: ['large-object', 'LARGE OBJECT'],
  OBJECT_MATVIEW: ['materialized-view', 'MATERIALIZED VIEW'],
  OBJECT_OPCLASS: ['operator-class', 'OPERATOR CLASS'],
  OBJECT_OPERATOR: ['operator', 'OPERATOR'],
  OBJECT_OPFAMILY: ['operator-family', 'OPERATOR FAMILY'],
  OBJECT_PARAMETER_ACL: ['other', 'PARAMETER'],
  OBJECT_POLICY: ['policy', 'POLICY'],
  OBJECT_PROCEDURE: ['procedure', 'PROCEDURE'],
  OBJECT_PUBLICATION: ['publication', 'PUBLICATION'],
  OBJECT_PUBLICATION_NAMESPACE: ['publication', 'PUBLICATION'],
  OBJECT_PUBLICATION_REL: ['publication', 'PUBLICATION'],
  OBJECT_ROLE: ['role', 'ROLE'],
  OBJECT_ROUTINE: ['function', 'ROUTINE'],
  OBJECT_RULE: ['rule', 'RULE'],
  OBJECT_SCHEMA: ['schema', 'SCHEMA'],
  OBJECT_SEQUENCE: ['sequence', 'SEQUENCE'],
  OBJECT_SUBSCRIPTION: ['subscription', 'SUBSCRIPTION'],
  OBJECT_STATISTIC_EXT: ['statistics', 'STATISTICS'],
  OBJECT_TABCONSTRAINT: ['constraint', 'TABLE'],
  OBJECT_TABLE: ['table', 'TABLE'],
  OBJECT_TABLESPACE: ['tablespace', 'TABLESPACE'],
  OBJECT_TRANSFORM: ['transform', 'TRANSFORM'],
  OBJECT_TRIGGER: ['trigger', 'TRIGGER'],
  OBJECT_TSCONFIGURATION: ['text-search-configuration', 'TEXT SEARCH CONFIGURATION'],
  OBJECT_TSDICTIONARY: ['text-search-dictionary', 'TEXT SEARCH DICTIONARY'],
  OBJECT_TSPARSER: ['text-search-parser', 'TEXT SEARCH PARSER'],
  OBJECT_TSTEMPLATE: ['text-search-template', 'TEXT SEARCH TEMPLATE'],
  OBJECT_TYPE: ['type', 'TYPE'],
  OBJECT_USER_MAPPING: ['user-mapping', 'USER MAPPING'],
  OBJECT_VIEW: ['view', 'VIEW'],
}

export function objectKind(type: ObjectType | undefined): ObjectKind {
  return type === undefined ? 'other' : kinds[type][0]
}

/** The word for the kind in a command tag: `ALTER <it>`. */
export function tagOfObject(type: ObjectType | undefined): string {
  return type === undefined ? 'OBJECT' : kinds[type][1]
}

/** Objects whose name is given behind the name of a table: `trigger ON table`. */
export const objectsOnTables: ReadonlySet<ObjectType> = new Set<ObjectType>([
  'OBJECT_TRIGGER',
  'OBJECT_POLICY',
  'OBJECT_RULE',
  'OBJECT_TABCONSTRAINT',
])
