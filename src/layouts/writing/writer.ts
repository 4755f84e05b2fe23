import type { LayoutWriter, MigrationPart, TextOf, WrittenFile } from '../layout.ts'

/** For layouts whose parts know nothing of each other: the files of one, that of the upgrade first. */
export function eachPart(
  filesOf: (part: MigrationPart, textOf: TextOf) => readonly WrittenFile[],
): LayoutWriter['write'] {
  return (parts, textOf) => parts.flatMap((part) => filesOf(part, textOf))
}
