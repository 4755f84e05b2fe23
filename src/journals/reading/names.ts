import type { JournalFile } from '../journal.ts'

/** `a/b/20260101_x.up.sql` → `20260101_x.up.sql`. */
export function baseName({ path }: Pick<JournalFile, 'path'>): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The name of the folder that a file lies in. */
export function folderOf({ path }: Pick<JournalFile, 'path'>): string {
  return path.split('/').at(-2) ?? ''
}

/** Without the extension of SQL or of a program, and without what names a direction. */
export function bareName(file: Pick<JournalFile, 'path'>): string {
  return withoutEnding(baseName(file))
}

/** The same for a name that a journal holds. */
export function withoutEnding(name: string): string {
  return name.replace(/\.(?:sql|[cm]?[jt]s)$/i, '').replace(/\.(?:up|down)$/i, '')
}

/** Numbers of any length, as their tools compare them. */
export function isUpTo(id: string, last: string): boolean {
  const [left, right] = [id, last].map((text) => text.replace(/^0+/, ''))
  if (left === undefined || right === undefined) return false
  return left.length === right.length ? left <= right : left.length < right.length
}
