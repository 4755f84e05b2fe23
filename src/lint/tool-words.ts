import { asWritten } from '../core/placeholder.ts'
import type { Tool } from '../model/migration.ts'
import type { BareFinding } from './fingerprint.ts'

/**
 * A finding as whoever uses the tool would say it: what to write instead without our own directives, and placeholders
 * as they are written.
 */
export function inWordsOf(tool: Tool | undefined, finding: BareFinding): BareFinding {
  const { instead, rewrite } = finding
  const words = tool === undefined || instead === undefined ? instead : withoutDirectives(instead, tool)
  const isProgram = finding.file.recorded !== undefined
  const spoken = isProgram ? words?.replaceAll(/^-- migrate:allow/gm, '// migrate:allow') : words
  return {
    ...finding,
    message: asWritten(finding.message),
    ...(spoken === undefined ? {} : { instead: asWritten(spoken) }),
    ...(rewrite === undefined ? {} : { rewrite: asWritten(rewrite) }),
  }
}

/** Rules write migrations in the native form; of that the tool knows nothing but the allows, which are for us. */
function withoutDirectives(sql: string, tool: Tool): string {
  if (!sql.includes('-- migrate:')) return sql
  const lines = sql.split('\n').flatMap((line) => {
    if (!/^-- migrate:(?!allow)/.test(line)) return [line]
    if (line === '-- migrate:up transaction:false') return [tool.withoutTransaction]
    const reason = /^-- migrate:down none because (.+)$/.exec(line)?.[1]
    if (reason !== undefined) return [`-- migrate:allow-file missing-down because ${reason}`]
    return line.startsWith('-- migrate:down') && !line.startsWith('-- migrate:down-loses')
      ? [tool.downgrade ?? '-- to take it back:']
      : []
  })
  return lines.join('\n').trim()
}
