import { asJson } from '../../core/own-data.ts'
import type { LinkEntries } from './links.ts'

/** What every reader of a catalogue needs. */
interface Overview {
  readonly server: number | undefined
  readonly complete: boolean
  readonly usesTemporary: boolean
  readonly migration: number
  readonly relations: readonly (readonly [key: string, age: number])[]
  readonly constraintNames: readonly string[]
  readonly links: readonly LinkEntries[]
}

/** A catalogue whose objects, by kind and key, are packed one by one. */
export interface PackedCatalogue<Bytes extends string | Buffer> extends Overview {
  readonly objects: readonly (readonly (readonly [key: string, bytes: Bytes])[])[]
}

/** Line 1, as JSON: the overview, and of each object its key and its length. Then the objects. */
interface Head extends Overview {
  readonly lengths: readonly (readonly (readonly [key: string, length: number])[])[]
}

const head = asJson<Head>()

export function packCatalogue({ objects, ...overview }: PackedCatalogue<string | Buffer>): Buffer {
  const bytes = objects.map((kind) => kind.map(([key, value]) => [key, Buffer.from(value)] as const))
  const lengths = bytes.map((kind) => kind.map(([key, { length }]) => [key, length] as const))
  const values = bytes.flatMap((kind) => kind.map(([, value]) => value))
  return Buffer.concat([Buffer.from(head.pack({ ...overview, lengths })), lineBreak, ...values])
}

export function unpackCatalogue(bytes: Buffer): PackedCatalogue<Buffer> {
  let at = bytes.indexOf(lineBreak) + 1
  const { lengths, ...overview } = head.unpack(bytes.subarray(0, at))
  const objects = lengths.map((kind) =>
    kind.map(([key, length]) => {
      at += length
      return [key, bytes.subarray(at - length, at)] as const
    }),
  )
  return { ...overview, objects }
}

const lineBreak = Buffer.from('\n')
