import { isPaired } from '../reading/pairs.ts'
import { fileName } from '../reading/paths.ts'
import { numberAfter } from './ids.ts'
import { pairsWriter } from './pairs.ts'
import { besideFile, lineBreak } from './text.ts'
import { eachPart } from './writer.ts'
import type { LayoutWriter, MigrationPart } from '../layout.ts'

/** Files with `-- Up Migration` and `-- Down Migration`, or pairs of files. */
export const nodePgMigrateWriter: LayoutWriter = {
  alwaysInTransaction: 'an SQL file of node-pg-migrate has no mark that says that it runs outside a transaction',
  idAfter: numberAfter,
  write: eachPart((part, textOf) => {
    const { from, as, up, down } = part
    if (isPaired(from.source)) return pairsWriter().write([part], textOf)
    const newline = lineBreak(from)
    const back = down === undefined ? '' : `${newline}-- Down Migration${newline}${down.sql}`
    const text = `${headOf(part, newline)}${up}${back}`
    return [{ path: as === undefined ? from.source.path : besideFile(from, newName(from.source.path, as)), text }]
  }),
}

/** What stands above the statements, with the comment that begins them where the file has one. */
function headOf({ from, as }: MigrationPart, newline: string): string {
  const head = from.source.text.slice(0, from.up.span.start)
  if (head === '') return ''
  return as === undefined ? `${head}${newline}` : `-- Up Migration${newline}`
}

/** Numbers are followed by `_` or `-`. */
function newName(path: string, { id, name }: NonNullable<MigrationPart['as']>): string {
  return `${id}${/^\d+-/.test(fileName(path)) ? '-' : '_'}${name}.sql`
}
