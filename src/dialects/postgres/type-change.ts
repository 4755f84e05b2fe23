import type { Name } from '../../model/name.ts'
import { domainOf, isConstrained } from '../../model/domain.ts'
import type { Schema } from '../../model/schema.ts'
import type { Conversion, TypeName } from '../../model/type.ts'

export type TypeChange = 'no-rewrite' | 'rewrite' | 'unknown'

/** What a change of type depends on beside the types themselves. */
export interface TypeChangeScene {
  /** Knows the domains and enums. */
  readonly schema?: Schema
  /** The session's, where it is known, in lower case. */
  readonly timeZone?: string | undefined
}

/**
 * Whether ALTER COLUMN … TYPE writes the table anew. Measured on PostgreSQL 14 to 18 (`test/dialects/type-change.test.ts`).
 * `unknown` where it depends on a time zone that is not known, or on types that are neither built in nor in the schema.
 * Indexes may be rebuilt and checks verified even where the table is not rewritten.
 */
export function typeChange(
  from: TypeName,
  to: TypeName,
  using: Conversion | undefined,
  scene: TypeChangeScene = {},
): TypeChange {
  if (using !== undefined && using.casts === undefined) return 'rewrite'
  const types = [from, ...(using?.casts ?? []), to]
  const changes = types.slice(1).map((type, index) => step(types[index] ?? from, type, scene))
  return (
    changes.find((change) => change === 'rewrite') ?? changes.find((change) => change === 'unknown') ?? 'no-rewrite'
  )
}

/** From one type to the next: a domain goes by what it is made of, unless its constraints have to be tested. */
function step(from: TypeName, to: TypeName, { schema, timeZone }: TypeChangeScene): TypeChange {
  if (schema === undefined) return direct(from, to, timeZone)
  const [before, after] = [domainOf(from, schema), domainOf(to, schema)]
  if (before !== undefined && before === after) return 'no-rewrite'
  if (isConstrained(after, schema)) return 'rewrite'
  const [old, next] = [withoutLimit(from, schema), baseType(to, schema)]
  if (isEnum(old, schema) || isEnum(next, schema)) return sameType(old, next) ? 'no-rewrite' : 'rewrite'
  return direct(old, next, timeZone)
}

/** What a domain is made of in the end. */
export function baseType(type: TypeName, schema: Schema): TypeName {
  const domain = domainOf(type, schema)
  return domain === undefined ? type : baseType(domain.type, schema)
}

/** The limit of a domain's type is not seen from outside: what comes from it is taken to be of any length. */
function withoutLimit(type: TypeName, schema: Schema): TypeName {
  const base = baseType(type, schema)
  return base === type ? type : { ...base, modifiers: [], sql: base.name }
}

function isEnum(type: TypeName, schema: Schema): boolean {
  return schema.enumType(typeAsName(type)) !== undefined
}

export function typeAsName(type: TypeName): Name {
  return type.schema === undefined ? { name: type.name } : { schema: type.schema, name: type.name }
}

function direct(from: TypeName, to: TypeName, timeZone: string | undefined): TypeChange {
  if (from.array !== to.array) return 'rewrite'
  const same = sameType(from, to)
  if (same && from.name === 'interval' && !from.array) return intervalChange(from, to)
  if (same && from.modifiers.join() === to.modifiers.join()) return from.sql === to.sql ? 'no-rewrite' : 'unknown'
  if (from.array) return arrayChange(from, to, same)
  if (same) return modifierChange(from.name, from.modifiers, to.modifiers)
  return nameChange(from, to, timeZone)
}

const intervalFields = ['second', 'minute', 'hour', 'day', 'month', 'year']

/** An interval keeps what is not smaller than its least field: `day to hour` cuts minutes (`interval_support` in timestamp.c). */
function intervalChange(from: TypeName, to: TypeName): TypeChange {
  if (to.sql === 'interval') return 'no-rewrite'
  const [old, next] = [leastField(from), leastField(to)]
  if (old === next && next === 0) return modifierChange('interval', from.modifiers, to.modifiers)
  return next <= old ? 'no-rewrite' : 'rewrite'
}

/** Its place in `intervalFields`; seconds where none is written. */
function leastField({ sql }: TypeName): number {
  const last = /(\w+)(?:\(\d+\))?$/.exec(sql)?.[1] ?? ''
  return Math.max(intervalFields.indexOf(last), 0)
}

function sameType(from: TypeName, to: TypeName): boolean {
  const schemas = from.schema === undefined || to.schema === undefined || from.schema === to.schema
  return from.name === to.name && from.array === to.array && schemas
}

const binaryCoercible: ReadonlySet<string> = new Set([
  'character varying>text',
  'text>character varying',
  'cidr>inet',
  'xml>text',
  'xml>character varying',
  'bit>bit varying',
  'bit varying>bit',
  'integer>oid',
  'oid>integer',
  'integer>regclass',
  'regclass>integer',
  'oid>regclass',
  'regclass>oid',
  'text>citext',
  'citext>text',
  'character varying>citext',
  'citext>character varying',
])

/** Names of one time zone, the one in which local time is what is kept on disk. */
const utc: ReadonlySet<string> = new Set(['utc', 'gmt', 'etc/utc', 'etc/gmt', '0'])

/** The bytes stay as they are where the session's time zone is UTC, as long as no digit has to go. */
const dependsOnTimeZone: ReadonlySet<string> = new Set([
  'timestamp without time zone>timestamp with time zone',
  'timestamp with time zone>timestamp without time zone',
])

function nameChange(from: TypeName, to: TypeName, timeZone: string | undefined): TypeChange {
  const pair = `${from.name}>${to.name}`
  if (dependsOnTimeZone.has(pair)) {
    if ((to.modifiers[0] ?? maxTimePrecision) < maxTimePrecision) return 'rewrite'
    if (timeZone === undefined) return 'unknown'
    return utc.has(timeZone) ? 'no-rewrite' : 'rewrite'
  }
  if (!isBuiltIn(from) || !isBuiltIn(to)) return 'unknown'
  if (!binaryCoercible.has(pair)) return 'rewrite'
  // A length that the old type did not have must be checked, and may cut.
  return to.modifiers.length === 0 ? 'no-rewrite' : 'rewrite'
}

/** The elements are each converted, whatever the types have in common, unless only a limit goes. */
function arrayChange(from: TypeName, to: TypeName, same: boolean): TypeChange {
  if (!isBuiltIn(from) || !isBuiltIn(to)) return 'unknown'
  return same && to.modifiers.length === 0 ? modifierChange(from.name, from.modifiers, to.modifiers) : 'rewrite'
}

function modifierChange(name: string, from: readonly number[], to: readonly number[]): TypeChange {
  if (to.length === 0) return widensWhenDropped.has(name) ? 'no-rewrite' : 'rewrite'
  const [fromFirst, toFirst] = [from[0], to[0]]
  if (toFirst === undefined) return 'rewrite'
  switch (name) {
    case 'character varying':
    case 'bit varying':
      return fromFirst !== undefined && toFirst >= fromFirst ? 'no-rewrite' : 'rewrite'
    case 'numeric': {
      const sameScale = (from[1] ?? 0) === (to[1] ?? 0)
      return fromFirst !== undefined && sameScale && toFirst >= fromFirst ? 'no-rewrite' : 'rewrite'
    }
    case 'timestamp without time zone':
    case 'timestamp with time zone':
    case 'time without time zone':
    case 'time with time zone':
    case 'interval':
      return toFirst >= Math.min(fromFirst ?? maxTimePrecision, maxTimePrecision) ? 'no-rewrite' : 'rewrite'
    default:
      return 'rewrite'
  }
}

/** Digits of a second that are kept on disk, whatever is written (MAX_TIMESTAMP_PRECISION). */
const maxTimePrecision = 6

/** Types whose values stay as they are when the limit goes. `character` without a length is one character. */
const widensWhenDropped: ReadonlySet<string> = new Set([
  'character varying',
  'bit varying',
  'numeric',
  'timestamp without time zone',
  'timestamp with time zone',
  'time without time zone',
  'time with time zone',
  'interval',
])

const builtInNames: ReadonlySet<string> = new Set(
  `smallint,integer,bigint,real,double precision,numeric,boolean,text,character varying,character,bytea,bit,bit varying,
  date,interval,timestamp without time zone,timestamp with time zone,time without time zone,time with time zone,json,
  jsonb,uuid,inet,cidr,macaddr,macaddr8,xml,money,oid,name,tsvector,tsquery,point,line,lseg,box,path,polygon,circle,
  int4range,int8range,numrange,tsrange,tstzrange,daterange,int4multirange,int8multirange,nummultirange,tsmultirange,
  tstzmultirange,datemultirange,regclass,pg_lsn,jsonpath`
    .split(',')
    .map((name) => name.trim()),
)

/** Built in, or known well enough: citext keeps its values as text does. */
function isBuiltIn(type: TypeName): boolean {
  return type.name === 'citext' || (type.schema === undefined && builtInNames.has(type.name))
}
