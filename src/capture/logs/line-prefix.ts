/** Who a line of a log is about. */
interface Named {
  readonly user: string | undefined
  readonly database: string | undefined
  readonly application: string | undefined
}

export interface LinePrefix {
  /** Whether the setting holds it at all. */
  readonly knows: { readonly user: boolean; readonly database: boolean }
  read(before: string): Named
}

/** Reads what the setting `log_line_prefix` put before each message: `%m [%p] %u@%d `. */
export function linePrefix(setting: string): LinePrefix {
  const pattern = new RegExp(`^${setting.replaceAll(/%-?\d*([a-zA-Z%])|[\s\S]/g, patternOf)}`)
  return {
    knows: { user: /%-?\d*u/.test(setting), database: /%-?\d*d/.test(setting) },
    read: (before) => {
      const groups: Readonly<Record<string, string | undefined>> = pattern.exec(before)?.groups ?? {}
      return { user: groups['u']?.trim(), database: groups['d']?.trim(), application: groups['a']?.trim() }
    },
  }
}

const named: ReadonlySet<string> = new Set(['u', 'd', 'a'])

/** `%q` stops processes without a session, and stands for nothing in others. */
function patternOf(written: string, escape: string | undefined, at: number, setting: string): string {
  if (escape === undefined) return written.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
  if (escape === '%') return '%'
  if (escape === 'q') return ''
  const isFirst = setting.indexOf(`%${escape}`) === at
  return named.has(escape) && isFirst ? `(?<${escape}>.*?)` : '.*?'
}
