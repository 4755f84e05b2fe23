/**
 * How to begin where migrations cannot be taken over: a hint. `leaveOut`: tables of the other tool, which are no part of
 * the schema.
 */
export function schemaAsFirst(leaveOut: readonly string[] = []): string {
  const without = leaveOut.map((table) => ` --exclude-table=${table}`).join('')
  return (
    'Write the schema as it is as the first migration: below -- migrate:up what this prints, without its lines that begin with a backslash: ' +
    `pg_dump --schema-only --no-owner --no-privileges${without}`
  )
}
