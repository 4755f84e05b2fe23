import type { Catalogue } from './catalogue.ts'

/** The longest identifier in bytes: NAMEDATALEN - 1 (PostgreSQL, src/include/pg_config_manual.h). */
const maxBytes = 63

/**
 * `table_column_label`, as the server's makeObjectName puts it together: the longer of the first two parts is cut
 * until the whole fits.
 */
export function objectName(first: string, second: string, label: string): string {
  const suffix = `_${label}`
  const room = maxBytes - byteLength(suffix) - (second === '' ? 0 : 1)
  let [firstBytes, secondBytes] = [byteLength(first), byteLength(second)]
  while (firstBytes + secondBytes > room) {
    if (firstBytes > secondBytes) firstBytes -= 1
    else secondBytes -= 1
  }
  const middle = second === '' ? '' : `_${clip(second, secondBytes)}`
  return `${clip(first, firstBytes)}${middle}${suffix}`
}

/** The first of `t_c_check`, `t_c_check1`, `t_c_check2` … that nothing has. */
export function freeName(first: string, second: string, label: string, taken: (name: string) => boolean): string {
  for (let pass = 0; ; pass += 1) {
    const name = objectName(first, second, pass === 0 ? label : `${label}${pass}`)
    if (!taken(name)) return name
  }
}

/** A name for a relation: index or sequence. Index names of constraints must not be those of constraints either. */
export function freeRelationName(
  catalogue: Catalogue,
  parts: { readonly schema: string; readonly table: string; readonly columns: string; readonly label: string },
): string {
  const { schema, table, columns, label } = parts
  const taken = (name: string): boolean =>
    catalogue.relationExists({ schema, name }) || (label !== 'idx' && catalogue.constraintNameExists(schema, name))
  return freeName(table, columns, label, taken)
}

/** What the columns of an index contribute to its name; a second column of one name gets a number. */
export function columnsPart(columns: readonly string[]): string {
  const seen = new Set<string>()
  for (const column of columns) {
    const base = column === '' ? 'expr' : column
    let name = base
    for (let pass = 1; seen.has(name); pass += 1) name = `${base}${pass}`
    seen.add(name)
  }
  return clip([...seen].join('_'), maxBytes)
}

function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}

/** At most `bytes` bytes of `text`, never half a character. */
function clip(text: string, bytes: number): string {
  if (byteLength(text) <= bytes) return text
  let clipped = text
  while (byteLength(clipped) > bytes) clipped = clipped.slice(0, -1)
  return clipped
}
