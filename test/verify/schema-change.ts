/** A change of a schema, and the sentences in which `compare` tells it. */
export interface SchemaChange {
  readonly sql: string
  readonly says: readonly string[]
  /** The first major version that knows it. */
  readonly since?: number
  /** False where the embedded server lacks what it needs. */
  readonly embedded?: boolean
}
