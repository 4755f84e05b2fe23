/** Orders ids as numbers, however many digits they have. */
export function compareIds(a: string, b: string): number {
  const left = canonicalId(a)
  const right = canonicalId(b)
  if (left.length !== right.length) return left.length - right.length
  if (left === right) return 0
  return left < right ? -1 : 1
}

/** The id without leading zeros: ids that are the same number are the same id. */
export function canonicalId(id: string): string {
  return id.replace(/^0+(?=\d)/, '')
}

/** Orders texts by their code units, as most tools sort file names. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
