import type { Client, Query } from 'pg'
import type { ResultColumn } from '../model/database.ts'

/** Type parsers that leave each value as the server wrote it. */
export const asText = { getTypeParser: (): ((text: string) => string) => (text) => text }

/** Asks over the wire which columns a statement would give: Parse and Describe, without Bind and Execute. */
export function describeOver(client: Client, Kind: typeof Query, sql: string): Promise<readonly ResultColumn[]> {
  return new Promise((resolve, reject) => {
    const query = new Kind<Record<string, unknown>>({ text: sql }, (error, result) => {
      // Where there was an error the driver gives no result, whatever its types say.
      if (error instanceof Error) reject(error)
      else resolve(result.fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID })))
    })
    // The driver pipelines nothing but its own kind of query, so this is one that sends other messages.
    query.submit = (connection) => {
      connection.parse({ name: '', text: sql, types: [] }, true)
      connection.describe({ type: 'S', name: '' }, true)
      connection.sync()
    }
    client.query(query)
  })
}
