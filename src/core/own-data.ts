import { deserialize, serialize } from 'node:v8'

/** Values that this program packed itself, typed by whoever unpacks them: only for a store that gives back what was put in. */
export interface OwnData<Value> {
  pack(value: Value): string | Buffer
  /** @throws Error for bytes that were not packed by it */
  unpack(bytes: Buffer): Value
}

/** Data without maps; quick for texts. */
export function asJson<Value>(): OwnData<Value> {
  return { pack: (value) => JSON.stringify(value), unpack: (bytes) => JSON.parse(bytes.toString('utf8')) }
}

/** Data with maps, in which one object may stand in several places. */
export function asBytes<Value>(): OwnData<Value> {
  return { pack: (value) => serialize(value), unpack: (bytes) => deserialize(bytes) }
}
