import { lex } from '../../sql/lexer.ts'

/** Whether a statement holds a string of exactly this text, in single quotes and without escapes. */
export function holdsString(sql: string, text: string): boolean {
  const written = `'${text.replaceAll("'", "''")}'`
  if (!sql.includes(written)) return false
  return lex(sql).some(({ kind, start, end }) => kind === 'string' && sql.slice(start, end) === written)
}
