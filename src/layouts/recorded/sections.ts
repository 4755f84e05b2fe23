import type { Down, Section, SourceFile } from '../../model/migration.ts'
import type { RecordedScript, RecordedSection } from '../../model/recording.ts'
import type { LayoutOptions } from '../layout.ts'

/** Both directions of a program as it was recorded; undefined for a file that was not run. */
export function recordedSections(
  file: SourceFile,
  { inTransaction }: LayoutOptions,
): { readonly up: Section; readonly down: Down | undefined } | undefined {
  const { recorded } = file
  if (recorded === undefined) return undefined
  const sectionOf = ({ span, transaction, hidden, problems }: RecordedSection): Section => ({
    span,
    sql: file.text.slice(span.start, span.end),
    transaction: inTransaction ?? transaction,
    ...(hidden.length === 0 ? {} : { hidden }),
    ...(problems.length === 0 ? {} : { problems }),
  })
  return { up: sectionOf(recorded.up), down: downOf(recorded, sectionOf) }
}

function downOf({ down, up }: RecordedScript, sectionOf: (one: RecordedSection) => Section): Down | undefined {
  if (down === 'absent') return undefined
  if (down === 'irreversible') return { kind: 'none', reason: 'the program says so', span: up.span }
  return { kind: 'sql', section: sectionOf(down) }
}
