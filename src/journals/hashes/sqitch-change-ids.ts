import { hashOf } from './sha.ts'

/** A change of `sqitch.plan` with its id. */
export interface PlannedChangeId {
  readonly id: string
  /** The script's name without its extension: `name@tag` where the change was reworked after that tag. */
  readonly script: string
}

const entry =
  /^\s*(?:([+-])\s*)?([^\s@%#[\]][^\s[\]]*)\s*(?:\[([^\]]*)\]\s*)?(\d{4}-\d\d-\d\dT[\d:]+Z)\s+(.*?<[^>]*>)\s*(?:#\s?(.*))?$/

/**
 * The ids of the changes of a plan: SHA-1 over a text with the project, the name, the id of the change before it, the
 * planner, the date, what it requires and conflicts with, and the note. See App::Sqitch::Plan::Change.
 */
export function sqitchChangeIds(plan: string): readonly PlannedChangeId[] {
  const lines = plan.split(/\r?\n/)
  const project = pragma(lines, 'project') ?? ''
  const uri = pragma(lines, 'uri')
  const found: (PlannedChangeId & { readonly name: string; readonly line: number })[] = []
  for (const [line, text] of lines.entries()) {
    const [, sign, name, dependencies = '', date, planner, note = ''] = entry.exec(text) ?? []
    if (name === undefined || date === undefined || planner === undefined || sign === '-') continue
    const words = dependencies.split(/\s+/).filter((word) => word !== '')
    const info = [
      `project ${project}`,
      ...(uri === undefined ? [] : [`uri ${uri}`]),
      `change ${name}`,
      ...(found.length === 0 ? [] : [`parent ${found.at(-1)?.id ?? ''}`]),
      `planner ${planner}`,
      `date ${date}`,
      ...listed(
        'requires',
        '+',
        words.filter((word) => !word.startsWith('!')),
      ),
      ...listed(
        'conflicts',
        '-',
        words.filter((word) => word.startsWith('!')).map((word) => word.slice(1)),
      ),
      ...(note === '' ? [] : ['', unescaped(note)]),
    ].join('\n')
    const id = hashOf('sha1', `change ${Buffer.byteLength(info)}\0${info}`)
    found.push({ id, name, line, script: name })
  }
  return found.map(({ id, name, line }) => ({ id, script: scriptOf(name, line, found, lines) }))
}

/** A change that was reworked keeps its first script under the name of the tag between the two. */
function scriptOf(
  name: string,
  line: number,
  all: readonly { readonly name: string; readonly line: number }[],
  lines: readonly string[],
): string {
  const again = all.find((other) => other.name === name && other.line > line)
  if (again === undefined) return name
  const tag = lines.slice(line, again.line).flatMap((text) => /^\s*@(\S+)/.exec(text)?.[1] ?? [])[0]
  return `${name}@${tag ?? ''}`
}

function listed(title: string, sign: string, words: readonly string[]): readonly string[] {
  return words.length === 0 ? [] : [title, ...words.map((word) => `  ${sign} ${word}`)]
}

function pragma(lines: readonly string[], name: string): string | undefined {
  return lines.flatMap((line) => new RegExp(String.raw`^\s*%\s*${name}\s*=\s*(\S+)\s*$`).exec(line)?.[1] ?? [])[0]
}

function unescaped(note: string): string {
  return note
    .trim()
    .replaceAll(/\\([nr\\])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter === 'r' ? '\r' : letter))
}
