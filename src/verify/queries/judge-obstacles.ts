import { listOf } from '../../core/text.ts'
import { type Finding, broken, notCovered } from './finding.ts'
import type { Write } from './pieces.ts'
import type { Obstacle, RelationShape } from './relations.ts'

/** How far executions speak for what was not executed. */
export interface Executed {
  /** It ran, and changed at least one row. */
  readonly hit: boolean
  /** It ran with all values that the application was seen to send. */
  readonly captured: boolean
}

/** What a migration newly puts in the way of a statement that writes a table, judged from the catalogue. */
export function judgeObstacles(
  write: Write,
  before: RelationShape,
  now: RelationShape,
  executed: Executed,
): readonly Finding[] {
  const known = new Set(before.obstacles.map(keyOf))
  const added = now.obstacles.filter((obstacle) => !known.has(keyOf(obstacle)) && concerns(obstacle, write))
  return added.flatMap((obstacle) => judge(obstacle, write, before, now, executed) ?? [])
}

const keyOf = ({ kind, text, events }: Obstacle): string => JSON.stringify([kind, text, events])

function concerns({ kind, columns, events }: Obstacle, write: Write): boolean {
  if (events !== null)
    return events.some(
      (event) => event === write.kind || write.kind === 'merge' || (write.kind === 'copy' && event === 'insert'),
    )
  if (kind === 'referring foreign key')
    return write.kind === 'delete' || write.kind === 'merge' || (write.kind === 'update' && sets(write, columns))
  if (write.kind === 'delete') return kind === 'row security'
  return write.kind !== 'update' || columns.length === 0 || sets(write, columns)
}

/** Whether a statement gives one of these columns a value of its own. */
function sets({ columns }: Write, among: readonly string[]): boolean {
  return columns.length === 0 || columns.some((column) => among.includes(column))
}

function judge(
  obstacle: Obstacle,
  write: Write,
  before: RelationShape,
  now: RelationShape,
  { hit, captured }: Executed,
): Finding | undefined {
  const { kind, text, columns } = obstacle
  const missing = kind === 'not null' ? unfilled(columns, write, now) : undefined
  if (missing !== undefined)
    return broken(`Column ${missing} of ${now.name} is NOT NULL without a default, and the statement does not set it.`)
  const isNew = columns.length > 0 && columns.every((column) => !before.columns.some(({ name }) => name === column))
  // A column that the statement does not know is filled the same way each time.
  if (hit && (isNew || (columns.length > 0 && !sets(write, columns)))) return undefined
  // It ran through the trigger, or under the policies.
  if (hit && (kind === 'trigger' || kind === 'row security' || kind === 'generated column')) return undefined
  if (hit && captured) return undefined
  return notCovered(
    `${capital(text)} of ${now.name} is new and may refuse what the statement writes${columns.length === 0 ? '' : ` into ${listOf(columns)}`}.`,
  )
}

function unfilled(columns: readonly string[], write: Write, now: RelationShape): string | undefined {
  if (write.kind !== 'insert' && write.kind !== 'copy') return undefined
  if (write.columns.length === 0) return undefined
  return columns.find(
    (column) => !write.columns.includes(column) && now.columns.some(({ name, filled }) => name === column && !filled),
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
