import type { Connection, SeriesStep } from '../model/database.ts'

/** A statement on its way to the server. */
export interface AheadStep extends SeriesStep {
  /** Nothing else may be on its way while it runs. */
  readonly alone?: boolean
}

/** Enough that the network does not count; not so many that a file of 100,000 statements is in memory twice. */
const mostAhead = 64

/**
 * Sends statements without waiting for the answers in between, and waits for all of them. Throws the error of the first
 * that failed; none of those behind it is run.
 */
export async function sendAhead(connection: Connection, steps: readonly AheadStep[]): Promise<void> {
  for (const group of groupsOf(steps)) await sendGroup(connection, group)
}

/** Whether all of it leaves at once. */
export function isSentAtOnce(steps: readonly AheadStep[]): boolean {
  return steps.length < mostAhead && !steps.some(({ alone }) => alone === true)
}

function groupsOf(steps: readonly AheadStep[]): readonly (readonly AheadStep[])[] {
  const groups: AheadStep[][] = []
  for (const [index, step] of steps.entries()) {
    const open = groups.at(-1)
    const apart = step.alone === true || steps[index - 1]?.alone === true
    if (open === undefined || apart || open.length === mostAhead) groups.push([step])
    else open.push(step)
  }
  return groups
}

function sendGroup(connection: Connection, group: readonly AheadStep[]): Promise<void> {
  const [first] = group
  if (first?.alone !== true) return connection.series(group)
  first.turn?.()
  return connection.run(first.sql)
}
