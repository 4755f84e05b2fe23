import { numberAfter } from './ids.ts'
import { besideFile } from './text.ts'
import { eachPart } from './writer.ts'
import type { LayoutWriter, MigrationPart, WrittenFile } from '../layout.ts'

/** Files for one direction each; `mark` is the first line of those that run outside a transaction. */
export function pairsWriter(mark?: string): LayoutWriter {
  const marked = (sql: string, transaction: boolean): string =>
    transaction || mark === undefined || sql.startsWith(mark)
      ? sql
      : `${mark}${sql.includes('\r\n') ? '\r\n' : '\n'}${sql}`
  return {
    idAfter: numberAfter,
    write: eachPart((part) => {
      const { from, as, up, down } = part
      const isPaired = /\.up\.sql$/i.test(from.source.path)
      const path =
        as === undefined ? from.source.path : besideFile(from, `${as.id}_${as.name}${isPaired ? '.up' : ''}.sql`)
      return [
        { path, text: marked(up, part.transaction) },
        ...(down === undefined ? [] : downFile(part, marked(down.sql, down.transaction))),
      ]
    }),
  }
}

function downFile({ from, as }: MigrationPart, text: string): readonly WrittenFile[] {
  if (from.down.kind !== 'sql') return []
  const path = from.down.section.source?.path
  if (as === undefined) return path === undefined ? [] : [{ path, text }]
  return [{ path: besideFile(from, `${as.id}_${as.name}.down.sql`), text }]
}
