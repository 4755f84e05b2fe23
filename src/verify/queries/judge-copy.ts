import type { FactOf } from '../../model/fact.ts'
import { type Finding, broken } from './finding.ts'
import type { RelationColumn, RelationShape } from './relations.ts'

/** What a COPY of a table depends on: it is not prepared, and its rows are not there, so the columns are compared. */
export function judgeCopy(
  { direction, columns, table }: FactOf<'copy'>,
  before: RelationShape,
  now: RelationShape | undefined,
): readonly Finding[] {
  if (now === undefined) return [broken(`There is no relation ${table?.name ?? before.name} any more.`)]
  const gone = columns.find((column) => !now.columns.some(({ name }) => name === column))
  if (gone !== undefined) return [broken(`Column ${gone} of ${now.name} is gone.`)]
  const used = (shape: RelationShape): readonly RelationColumn[] =>
    columns.length === 0 ? shape.columns : shape.columns.filter(({ name }) => columns.includes(name))
  if (columns.length === 0 && names(before.columns) !== names(now.columns))
    return [
      broken(
        `It names no columns, and those of ${now.name} are others: ${names(before.columns)} → ${names(now.columns)}.`,
      ),
    ]
  const changed = used(before).flatMap((column) => {
    const is = now.columns.find(({ name }) => name === column.name)
    return is === undefined || is.type === column.type
      ? []
      : [broken(`The type of column ${column.name} of ${now.name}: ${column.type} → ${is.type}.`)]
  })
  if (direction === 'to' || changed.length > 0 || columns.length === 0) return changed
  const missing = now.columns.find(
    ({ name, nullable, filled }) => !nullable && !filled && !columns.includes(name) && isNewlyRequired(name, before),
  )
  if (missing === undefined) return []
  return [
    broken(`Column ${missing.name} of ${now.name} is NOT NULL without a default, and the statement does not set it.`),
  ]
}

function isNewlyRequired(column: string, before: RelationShape): boolean {
  const was = before.columns.find(({ name }) => name === column)
  return was === undefined || was.nullable || was.filled
}

function names(columns: readonly RelationColumn[]): string {
  return columns.map(({ name }) => name).join(', ')
}
