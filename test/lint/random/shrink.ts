/**
 * As few of these statements as still fail, found by leaving out one after the other. Those that belong together, from a
 * savepoint to its release, are left out together.
 */
export async function fewest(
  statements: readonly string[],
  fails: (fewer: readonly string[]) => Promise<boolean>,
): Promise<readonly string[]> {
  let kept = statements
  for (let at = kept.length - 1; at >= 0; at -= 1) {
    const count = lengthAt(kept, at)
    const fewer = kept.toSpliced(at, count)
    if (count > 0 && (await fails(fewer))) kept = fewer
  }
  return kept
}

function lengthAt(statements: readonly string[], at: number): number {
  const statement = statements[at] ?? ''
  if (statement.startsWith('savepoint '))
    return statements.slice(at).findIndex((other) => other.startsWith('release ')) + 1
  return /^(rollback|release) /.test(statement) ? 0 : 1
}
