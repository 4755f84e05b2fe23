/** Who a line of a log is about. */
interface Named {
  readonly user: string | undefined
  readonly database: string | undefined
  readonly application: string | undefined
}

export interface LinePrefix {
  read(before: string): Named
}

/** Reads what the setting `log_line_prefix` put before each message: `%m [%p] %u@%d `. */
export function linePrefix(setting: string): LinePrefix {
  const named = new Set<string>()
  const parts = [...setting.matchAll(/%-?\d*([a-zA-Z%])|[\s\S]/g)].map(([written, escape]) => {
    if (escape === undefined) return written.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
    const isFirst = !named.has(escape)
    named.add(escape)
    return isFirst && 'uda'.includes(escape) ? `(?<${escape}>.*?)` : (patterns[escape] ?? '.*?')
  })
  const pattern = new RegExp(`^${parts.join('')}$`)
  return {
    read: (before) => {
      const groups: Readonly<Record<string, string | undefined>> = pattern.exec(before)?.groups ?? {}
      return { user: groups['u']?.trim(), database: groups['d']?.trim(), application: groups['a']?.trim() }
    },
  }
}

const time = String.raw` *\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? \S+ *`

/** What stands for an escape, where that is narrower than anything. `%q` only says where other processes stop. */
const patterns: Readonly<Record<string, string>> = {
  '%': '%',
  q: '',
  t: time,
  m: time,
  s: time,
  p: String.raw` *\d+ *`,
  l: String.raw` *\d+ *`,
  r: String.raw` *\S* *`,
  h: String.raw` *\S* *`,
}
