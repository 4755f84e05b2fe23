import type { Conversion, TypeName } from '../../model/type.ts'

export type TypeChange = 'no-rewrite' | 'rewrite' | 'unknown'

/**
 * Whether ALTER COLUMN … TYPE writes the table anew. Measured on PostgreSQL 14 to 18 (`test/dialects/type-change.test.ts`).
 * `unknown` where it depends on the session's time zone or on types that are not built in. Indexes may be rebuilt and
 * checks verified even where the table is not rewritten.
 */
export function typeChange(from: TypeName, to: TypeName, using: Conversion | undefined): TypeChange {
  if (using === undefined) return direct(from, to)
  if (using.casts === undefined) return 'rewrite'
  const types = [from, ...using.casts, to]
  const changes = types.slice(1).map((type, index) => direct(types[index] ?? from, type))
  return (
    changes.find((change) => change === 'rewrite') ?? changes.find((change) => change === 'unknown') ?? 'no-rewrite'
  )
}

function direct(from: TypeName, to: TypeName): TypeChange {
  if (from.array !== to.array) return 'rewrite'
  const same =
    from.name === to.name && (from.schema === undefined || to.schema === undefined || from.schema === to.schema)
  if (same && from.modifiers.join() === to.modifiers.join())
    return from.sql === to.sql ? 'no-rewrite' : sameFields(from)
  if (from.array) return arrayChange(from, to, same)
  if (same) return modifierChange(from.name, from.modifiers, to.modifiers)
  return nameChange(from, to)
}

/** Only an interval says more than its name and modifiers: the fields that it keeps. */
function sameFields(from: TypeName): TypeChange {
  return from.name === 'interval' ? 'unknown' : 'no-rewrite'
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
])

/** The bytes stay as they are where the session's time zone is UTC, as long as no digit has to go. */
const dependsOnTimeZone: ReadonlySet<string> = new Set([
  'timestamp without time zone>timestamp with time zone',
  'timestamp with time zone>timestamp without time zone',
])

function nameChange(from: TypeName, to: TypeName): TypeChange {
  const pair = `${from.name}>${to.name}`
  if (dependsOnTimeZone.has(pair))
    return (to.modifiers[0] ?? maxTimePrecision) < maxTimePrecision ? 'rewrite' : 'unknown'
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

function isBuiltIn(type: TypeName): boolean {
  return type.schema === undefined && builtInNames.has(type.name)
}
