/** Condition: the schema `alias` is one of the user's. */
export function usersSchema(alias: string): string {
  return `${alias}.nspname !~ '^pg_' and ${alias}.nspname not in ('information_schema', $1)`
}

/** Condition: the object does not belong to an extension; those are told by the extension's version. */
export function notOfExtension(catalogue: string, oid: string): string {
  return `not exists (select from pg_depend member where member.classid = '${catalogue}'::regclass and member.objid = ${oid} and member.deptype = 'e')`
}
