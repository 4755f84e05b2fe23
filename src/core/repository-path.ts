/** A path as services that know a repository want it: with slashes, and without the `./` in front. */
export function repositoryPath(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '')
}
