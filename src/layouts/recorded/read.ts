import type { SourceFile, Tool } from '../../model/migration.ts'
import type { LayoutOptions, LayoutReading } from '../layout.ts'
import { Reading } from '../reading/collect.ts'
import { scriptName } from './programs.ts'
import { recordedSections } from './sections.ts'

/** Programs that were recorded, in the order given; files that were not run are no migrations. */
export function readPrograms(
  files: readonly SourceFile[],
  tool: Tool,
  options: LayoutOptions,
  idOf: (name: string) => string = (name) => name,
): LayoutReading {
  const reading = new Reading(tool, options)
  for (const source of files) {
    const sections = recordedSections(source, options)
    if (sections === undefined) continue
    const name = scriptName(source)
    reading.add({ id: idOf(name), name: name.replace(/^\d+[_-]/, ''), source, ...sections })
  }
  return reading.result()
}
