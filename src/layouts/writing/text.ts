import type { Migration } from '../../model/migration.ts'
import { folderOf } from '../reading/paths.ts'

/** The line break of a migration's file. */
export function lineBreak({ source }: Migration): string {
  return source.text.includes('\r\n') ? '\r\n' : '\n'
}

/** The path of a file beside that of a migration. */
export function besideFile({ source }: Migration, name: string): string {
  const folder = folderOf(source.path)
  return folder === '' && !source.path.startsWith('/') ? name : `${folder}/${name}`
}

/** The path of a folder beside that of a migration. */
export function besideFolder({ source }: Migration, name: string): string {
  const parent = folderOf(folderOf(source.path))
  return parent === '' && !source.path.startsWith('/') ? name : `${parent}/${name}`
}
