/** Names of the types that drivers declare by number: `pg_type.oid` of what every server has. */
const names: ReadonlyMap<number, string> = new Map([
  [16, 'bool'],
  [17, 'bytea'],
  [20, 'int8'],
  [21, 'int2'],
  [23, 'int4'],
  [25, 'text'],
  [114, 'json'],
  [700, 'float4'],
  [701, 'float8'],
  [1000, 'bool[]'],
  [1005, 'int2[]'],
  [1007, 'int4[]'],
  [1009, 'text[]'],
  [1016, 'int8[]'],
  [1022, 'float8[]'],
  [1042, 'bpchar'],
  [1043, 'varchar'],
  [1082, 'date'],
  [1083, 'time'],
  [1114, 'timestamp'],
  [1184, 'timestamptz'],
  [1186, 'interval'],
  [1700, 'numeric'],
  [2950, 'uuid'],
  [2951, 'uuid[]'],
  [3802, 'jsonb'],
])

/** The type of a number; null for 0, which leaves it to the server, and for types of the application's own. */
export function typeName(oid: unknown): string | null {
  return typeof oid === 'number' ? (names.get(oid) ?? null) : null
}
