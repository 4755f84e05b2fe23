import { numberAfter } from './ids.ts'
import { besideFile, lineBreak } from './text.ts'
import { eachPart } from './writer.ts'
import type { LayoutWriter, MigrationPart } from '../layout.ts'

/** Files with `-- +goose Up` and `-- +goose Down`. */
export const gooseWriter: LayoutWriter = {
  refuses: ({ source }) =>
    /^--[ \t]*\+goose[ \t]+(?:StatementBegin|ENVSUB)/im.test(source.text)
      ? 'its annotations reach over several statements'
      : undefined,
  idAfter: numberAfter,
  write: eachPart((part) => {
    const { from, as, transaction, up, down } = part
    const newline = lineBreak(from)
    const mark = transaction ? '' : `-- +goose NO TRANSACTION${newline}`
    const back = down === undefined ? '' : `${newline}-- +goose Down${newline}${down.sql}`
    const text = `${headOf(part)}${mark}-- +goose Up${newline}${up}${back}`
    return [{ path: as === undefined ? from.source.path : besideFile(from, `${as.id}_${as.name}.sql`), text }]
  }),
}

/** What stands above the annotation of the upgrade, without the mark. */
function headOf({ from, as }: MigrationPart): string {
  if (as !== undefined) return ''
  return from.source.text
    .slice(0, from.up.span.start)
    .replace(/^--[ \t]*\+goose[ \t]+(?:up|no transaction)[ \t]*(?:\r?\n|$)/gim, '')
}
