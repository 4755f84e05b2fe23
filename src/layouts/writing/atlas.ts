import { numberAfter } from './ids.ts'
import { besideFile, lineBreak } from './text.ts'
import { eachPart } from './writer.ts'
import type { LayoutWriter } from '../layout.ts'

const outside = /^-- atlas:txmode none\b/m

/** Files of SQL with directives in a block of comments at the top, which an empty line ends. */
export const atlasWriter: LayoutWriter = {
  refuses: ({ source }) =>
    /^(?:--|#)[ \t]*atlas:(?:delimiter|txtar|checkpoint)\b/m.test(source.text)
      ? 'its directives are about all of the file'
      : undefined,
  idAfter: numberAfter,
  write: eachPart(({ from, as, up, transaction }) => {
    const newline = lineBreak(from)
    const head = transaction || outside.test(up) ? '' : `-- atlas:txmode none${newline}${newline}`
    return [
      { path: as === undefined ? from.source.path : besideFile(from, `${as.id}_${as.name}.sql`), text: head + up },
    ]
  }),
}
