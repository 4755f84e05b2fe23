import { as, parseTree, walk } from './grammar.ts'

/** Stands before the expression to make it a statement; ASCII, so that bytes and characters agree in it. */
const opening = 'select ('

/**
 * A scalar expression with each column that it names replaced by what `replace` gives for its (unquoted) name. A
 * qualifier before the name is replaced with it. Positions come from the grammar, so names inside strings, functions and
 * types are left alone.
 */
export function mapColumns(expression: string, replace: (column: string) => string): string {
  const sql = `${opening}${expression}\n)`
  const answer = parseTree(sql)
  if (!answer.accepted) throw new Error(`not an expression: ${expression}`)
  const bytes = Buffer.from(sql, 'utf8')
  let mapped = ''
  let done = Buffer.byteLength(opening)
  for (const { at, name } of columnsOf(answer.statements)) {
    mapped += bytes.toString('utf8', done, at) + replace(name)
    done = at + writtenLength(bytes.toString('utf8', at))
  }
  return mapped + bytes.toString('utf8', done, bytes.length - 2)
}

function columnsOf(tree: object): readonly { readonly at: number; readonly name: string }[] {
  const found: { at: number; name: string }[] = []
  walk(tree, (node) => {
    const reference = as(node, 'ColumnRef')
    const name = as(reference?.fields?.at(-1), 'String')?.sval
    if (reference !== undefined && name !== undefined) found.push({ at: reference.location ?? 0, name })
  })
  return found.toSorted((a, b) => a.at - b.at)
}

/** How many bytes the column reference at the start of `text` takes: identifiers, quoted or bare, joined by dots. */
function writtenLength(text: string): number {
  const part = '(?:"(?:[^"]|"")*"|[\\p{L}_][\\p{L}\\p{N}_$]*)'
  const match = new RegExp(`^${part}(?:\\s*\\.\\s*${part})*`, 'u').exec(text)
  return Buffer.byteLength(match?.[0] ?? '')
}
