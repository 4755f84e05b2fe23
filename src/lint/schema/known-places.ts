import type { Name } from '../../model/name.ts'
import type { NameSpace } from '../../model/schema.ts'
import { keyOf } from './key.ts'

/** A name with its schema, and its key. */
export interface Place {
  readonly name: Required<Name>
  readonly key: string
}

export function placed(name: Required<Name>): Place {
  return { name, key: keyOf(name) }
}

/** Where bare names led, for as long as nothing changes that tells it. */
export class KnownPlaces {
  private searchPath: readonly string[] = []
  private usesTemporary = false
  private changes = -1
  private readonly any: Map<string, Place> = new Map()
  private readonly spaces: Readonly<Record<NameSpace, Map<string, Place>>> = {
    relation: new Map(),
    type: new Map(),
    function: new Map(),
  }

  /** What is known in a name space under these circumstances; `changes` counts the names that came and went. */
  of(
    space: NameSpace | undefined,
    searchPath: readonly string[],
    usesTemporary: boolean,
    changes: number,
  ): Map<string, Place> {
    if (this.changes !== changes || this.searchPath !== searchPath || this.usesTemporary !== usesTemporary) {
      this.changes = changes
      this.searchPath = searchPath
      this.usesTemporary = usesTemporary
      this.any.clear()
      for (const known of Object.values(this.spaces)) known.clear()
    }
    return space === undefined ? this.any : this.spaces[space]
  }
}
