/** Parameters of pgtyped that stand for several: `@param ids -> (...)`, `@param users -> ((name, age)...)`. */
export function spreadsOf(comment: string): ReadonlyMap<string, readonly string[]> {
  const spreads = new Map<string, readonly string[]>()
  for (const [, name, fields] of comment.matchAll(/@param\s+(\w+)\s*->\s*\(+([^)]*)\)/g)) {
    if (name === undefined || fields === undefined) continue
    const listed = fields.split(',').map((field) => field.trim().replace(/!$/, ''))
    // One element stands for a list of any length.
    spreads.set(name, fields.trim() === '...' ? [''] : listed)
  }
  return spreads
}
