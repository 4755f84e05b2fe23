import type { CapturedParameter } from '../../model/captured.ts'

/** The parameters that stand below a logged statement: `parameters: $1 = 'x', $2 = NULL`. */
export function loggedParameters(detail: string | undefined): readonly CapturedParameter[] {
  if (detail === undefined) return []
  const listed = /^(?:Query )?parameters: ([\s\S]*)$/i.exec(detail)?.[1] ?? detail
  const found: CapturedParameter[] = []
  for (const [, number, value] of listed.matchAll(/\$(\d+) = ('(?:[^']|'')*'|NULL)(?:, |$)/g)) {
    const index = Number(number) - 1
    while (found.length < index) found.push({ type: null })
    found[index] = { type: null, ...(value === undefined ? {} : valueField(value)) }
  }
  return found
}

/** `log_parameter_max_length` cuts long values off and puts three dots in their place. */
function valueField(value: string): Pick<CapturedParameter, 'values'> {
  if (value === 'NULL') return { values: [null] }
  const text = value.slice(1, -1).replaceAll("''", "'")
  return text.endsWith('...') ? {} : { values: [text] }
}
