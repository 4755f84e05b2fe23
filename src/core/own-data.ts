import { deserialize, serialize } from 'node:v8'

/** Values that this program packed itself, typed by whoever unpacks them: only for a store that gives back what was put in. */
export interface OwnData<Value> {
  pack(value: Value): string | Buffer
  /** @throws Error for bytes that were not packed by it */
  unpack(bytes: Buffer): Value
}

/** The same for data that packs into a text, which may be unpacked as it is. */
export interface OwnText<Value> extends OwnData<Value> {
  pack(value: Value): string
  /** @throws Error for what was not packed by it */
  unpack(packed: Buffer | string): Value
}

/** Data without maps; quick for texts. */
export function asJson<Value>(): OwnText<Value> {
  return {
    pack: (value) => JSON.stringify(value),
    unpack: (packed) => JSON.parse(typeof packed === 'string' ? packed : packed.toString('utf8')),
  }
}

/** Data with maps, in which one object may stand in several places. */
export function asBytes<Value>(): OwnData<Value> {
  return { pack: (value) => serialize(value), unpack: (bytes) => deserialize(bytes) }
}
