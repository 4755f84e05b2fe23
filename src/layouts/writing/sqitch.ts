import type { Migration } from '../../model/migration.ts'
import { splitStatements } from '../../sql/split.ts'
import { changeNames, withPlanned } from '../sqitch/plan.ts'
import { lineBreak } from './text.ts'
import type { LayoutWriter, MigrationPart, TextOf, WrittenFile } from '../layout.ts'

/** A change is a line of the plan and a script in `deploy/`, `revert/` and `verify/`, each with a transaction of its own. */
export const sqitchWriter: LayoutWriter = {
  framesTransactions: true,
  refuses: (migration, textOf) => {
    const plan = textOf(planPath(migration))
    if (plan === undefined) return 'its sqitch.plan is not there'
    const { id, name, source, down } = migration
    if (id !== name || changeNames(plan).filter((one) => one === name).length !== 1) return 'the plan reworks it'
    const scripts = [source.text, down.kind === 'sql' ? (down.section.source?.text ?? '') : '']
    return scripts.some((text) => /^[ \t]*\\|\bfrom\s+stdin\b/im.test(text))
      ? 'psql has more than statements to run in its scripts'
      : undefined
  },
  idAfter: (id) => id,
  write: (parts, textOf) => {
    const [first] = parts
    if (first === undefined) return []
    const { from } = first
    const names = parts.map(nameOf)
    const plan = { path: planPath(from), text: withPlanned(textOf(planPath(from)) ?? '', names) }
    return [
      plan,
      ...parts.flatMap((part) => [deployOf(part), ...revertOf(part, textOf), ...verifyOf(part, names, textOf)]),
    ]
  },
}

type Kind = 'deploy' | 'revert' | 'verify'

function nameOf({ from, as }: MigrationPart): string {
  return as?.name ?? from.name
}

/** The folder of the plan, with a slash behind it; '' where the paths begin there. */
function topOf({ source: { path }, id }: Migration): string {
  return path.slice(0, -`deploy/${id}.sql`.length)
}

function planPath(migration: Migration): string {
  return `${topOf(migration)}sqitch.plan`
}

function pathOf(from: Migration, kind: Kind, name: string): string {
  return `${topOf(from)}${kind}/${name}.sql`
}

function deployOf(part: MigrationPart): WrittenFile {
  const { from, up, transaction } = part
  return { path: pathOf(from, 'deploy', nameOf(part)), text: scriptOf(part, from.source.text, up, transaction) }
}

/** A script that takes nothing back is one for each part as well: sqitch looks for it. */
function revertOf(part: MigrationPart, textOf: TextOf): readonly WrittenFile[] {
  const { from, as, down } = part
  const written = textOf(pathOf(from, 'revert', from.name))
  if (written === undefined || (down === undefined && as === undefined)) return []
  const text = down === undefined ? renamed(written, part) : scriptOf(part, written, down.sql, down.transaction)
  return [{ path: pathOf(from, 'revert', nameOf(part)), text }]
}

/** What was verified of the whole is there behind the last part. */
function verifyOf(part: MigrationPart, names: readonly string[], textOf: TextOf): readonly WrittenFile[] {
  const { from, as } = part
  const written = textOf(pathOf(from, 'verify', from.name))
  const last = names.at(-1) ?? from.name
  if (written === undefined) return []
  const path = pathOf(from, 'verify', nameOf(part))
  if (nameOf(part) === last) return [{ path, text: renamed(written, part) }]
  if (as === undefined && !asksSomething(written)) return []
  const newline = lineBreak(from)
  const lines = [`-- ${last} verifies what this is a part of.`, '', 'select 1;', '']
  return [{ path, text: `${renamed(headerIn(written), part)}${lines.join(newline)}` }]
}

function asksSomething(text: string): boolean {
  return splitStatements(text).some(({ start, end }) => !/^(?:begin|commit|rollback)\b/i.test(text.slice(start, end)))
}

/** A script that holds `sql`, with the words of `like` that begin and end its transaction. */
function scriptOf(part: MigrationPart, like: string, sql: string, transaction: boolean): string {
  const newline = lineBreak(part.from)
  const statements = splitStatements(like)
  const [begin = '', commit = ''] = [statements[0], statements.at(-1)].map(
    (span) => span && like.slice(span.start, span.end),
  )
  const isFramed = /^(?:begin|start)\b/i.test(begin)
  const head =
    part.as !== undefined ? renamed(headerIn(like), part) : isFramed ? like.slice(0, statements[0]?.start) : ''
  const body = transaction && isFramed ? `${begin};${newline}${newline}${sql}${newline}${commit};${newline}` : sql
  return head + body
}

/** The first line, where it is the comment that sqitch writes, with an empty one below. */
function headerIn(text: string): string {
  const line = /^--[ \t]*(?:deploy|revert|verify)\b.*?(\r?\n)/i.exec(text)
  return line === null ? '' : line[0] + (line[1] ?? '')
}

/** `-- Deploy shop:isbn to pg` with the name of the part. */
function renamed(text: string, part: MigrationPart): string {
  return text.replace(
    /^(--[ \t]*(?:deploy|revert|verify)[ \t]+(?:[^\s:]+:)?)(\S+)/i,
    (line, start: string, name: string) => (name === part.from.name ? start + nameOf(part) : line),
  )
}
