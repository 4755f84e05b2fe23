import { fileName } from '../reading/paths.ts'
import { besideFile } from './text.ts'
import { eachPart } from './writer.ts'
import type { LayoutWriter, MigrationPart, WrittenFile } from '../layout.ts'

/** `V3__add_title.sql` is followed by `V3.1__add_title_2.sql`: nothing can come between them but what is looked for. */
export const flywayWriter: LayoutWriter = {
  refuses: ({ source }) =>
    fileName(source.path).startsWith('V') ? undefined : 'only versioned scripts have a place behind them',
  idAfter: (id, taken) => {
    const within = new RegExp(`^[VUB]${id.replaceAll('.', '[._]')}[._]\\d`)
    return taken.some((name) => within.test(name)) ? undefined : `${id}.1`
  },
  write: eachPart((part) => {
    const { from, as, up, down, transaction } = part
    const path = as === undefined ? from.source.path : besideFile(from, scriptName('V', as))
    return [
      ...script(path, up, transaction),
      ...(down === undefined ? [] : script(undoPath(part), down.sql, down.transaction)),
    ]
  }),
}

function scriptName(kind: 'V' | 'U', { id, name }: NonNullable<MigrationPart['as']>): string {
  return `${kind}${id}__${name.replaceAll(' ', '_')}.sql`
}

function undoPath({ from, as }: MigrationPart): string {
  const own = from.down.kind === 'sql' ? from.down.section.source?.path : undefined
  return as === undefined && own !== undefined ? own : besideFile(from, scriptName('U', as ?? from))
}

/** A script, and beside it the word that it runs outside a transaction, which Flyway finds out by itself for few statements. */
function script(path: string, text: string, transaction: boolean): readonly WrittenFile[] {
  return [{ path, text }, ...(transaction ? [] : [{ path: `${path}.conf`, text: 'executeInTransaction=false\n' }])]
}
