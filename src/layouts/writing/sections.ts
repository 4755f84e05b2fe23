import { numberAfter } from './ids.ts'
import { besideFile, lineBreak } from './text.ts'
import { eachPart } from './writer.ts'
import type { LayoutWriter, MigrationPart } from '../layout.ts'

/** Files with `-- migrate:up` and `-- migrate:down`. */
export const sectionsWriter: LayoutWriter = {
  refuses: ({ backfill, gates, requires }) => {
    if (backfill !== undefined) return 'it is a backfill'
    if (gates.length > 0) return 'it waits for a gate, and which of the parts has to wait is not known'
    return requires.length > 0 ? 'it requires other migrations, and which of the parts does is not known' : undefined
  },
  idAfter: numberAfter,
  write: eachPart((part) => {
    const { from, as } = part
    const newline = lineBreak(from)
    const head = as === undefined ? from.source.text.slice(0, from.up.span.start) : newHead(part, newline)
    const text = withTransaction(head, part.transaction) + part.up + downOf(part, newline)
    return [{ path: as === undefined ? from.source.path : besideFile(from, `${as.id}_${as.name}.sql`), text }]
  }),
}

function newHead({ from, phase = from.declaredPhase }: MigrationPart, newline: string): string {
  const lines = [
    ...(from.change === undefined ? [] : [`-- migrate:change ${from.change}`]),
    ...(phase === undefined ? [] : [`-- migrate:phase ${phase}`]),
  ]
  return [...lines, ...(lines.length === 0 ? [] : ['']), '-- migrate:up', ''].join(newline)
}

/** The head's last line is the directive of the upgrade. */
function withTransaction(head: string, transaction: boolean): string {
  return head.replace(
    /^([ \t]*--[ \t]*migrate:up\b)([^\r\n]*)(\r?\n)?$/m,
    (line, start: string, rest: string, end = '\n') => {
      const without = rest.replace(/[ \t]*\btransaction:\w+/, '')
      if (transaction === !/\btransaction:false\b/.test(rest)) return line
      return `${start}${transaction ? '' : ' transaction:false'}${without}${end}`
    },
  )
}

function downOf({ from, down }: MigrationPart, newline: string): string {
  if (down !== undefined)
    return `${newline}-- migrate:down${down.transaction ? '' : ' transaction:false'}${newline}${down.sql}`
  return from.down.kind === 'none' ? `${newline}-- migrate:down none because ${from.down.reason}${newline}` : ''
}
