/** Node's own word for a run that keeps nothing; its coverage and source maps know only what Node itself has loaded. */
export function asNodeDoes(): boolean {
  return (
    process.env['NODE_DISABLE_COMPILE_CACHE'] !== undefined ||
    process.env['NODE_V8_COVERAGE'] !== undefined ||
    process.sourceMapsEnabled
  )
}
