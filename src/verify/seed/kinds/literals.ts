/** Text of an array: `{"a","b \" c",NULL}`. All types but `box` take commas. */
export function arrayText(values: readonly (string | null)[], delimiter = ','): string {
  return `{${values.map((value) => (value === null ? 'NULL' : quoted(value))).join(delimiter)}}`
}

/** Text of a composite value: `("a","b")`; NULL is nothing between commas. */
export function rowText(values: readonly (string | null)[]): string {
  return `(${values.map((value) => (value === null ? '' : quoted(value))).join(',')})`
}

function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
