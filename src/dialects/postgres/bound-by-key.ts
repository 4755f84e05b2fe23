export async function boundByKey(sql: string, options: { readonly table: string; readonly key: string }): Promise<string> {
  return `${sql}${options.table}`
}
