import { besideFile } from './text.ts'
import { eachPart } from './writer.ts'
import type { LayoutWriter } from '../layout.ts'

/** Files of bare SQL: a name that sorts behind the first part's puts a file behind it. */
export const bareWriter: LayoutWriter = {
  alwaysInTransaction: 'a file of bare SQL has no mark that says that it runs outside a transaction',
  idAfter: (id) => id,
  write: eachPart(({ from, as, up }) => [
    { path: as === undefined ? from.source.path : besideFile(from, `${as.name}.sql`), text: up },
  ]),
}
