/** The parts of a path, the file's name last. */
export function partsOf(path: string): readonly string[] {
  return path.split(/[\\/]/)
}

export function fileName(path: string): string {
  return partsOf(path).at(-1) ?? path
}

/** The name of the folder that the file lies in; '' where the path has none. */
export function folderName(path: string): string {
  return partsOf(path).at(-2) ?? ''
}

/** The path of the folder that the file lies in; '' where the path has none. */
export function folderOf(path: string): string {
  return partsOf(path).slice(0, -1).join('/')
}

export function withoutExtension(path: string): string {
  return path.replace(/(?<=[^\\/])\.sql$/i, '')
}

/** Whether a path below the directory is an SQL file of the directory itself. */
export function isOwnSqlFile(path: string): boolean {
  return !path.includes('/') && isSqlFile(path)
}

export function isSqlFile(path: string): boolean {
  return /\.sql$/i.test(path)
}
