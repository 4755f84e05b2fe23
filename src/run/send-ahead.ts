/** One command on its way to the server. */
export interface Command {
  /** Called when the commands before it are answered, so when the server turns to it. */
  readonly turn: () => void
  readonly send: () => Promise<unknown>
  /** Nothing else may be on its way while it runs. */
  readonly alone?: boolean
}

/** Enough that the network does not count; not so many that a file of 100,000 statements is in memory twice. */
const mostAhead = 64

/**
 * Sends commands of an open transaction without waiting for the answers in between, and waits for all of them. Throws
 * the error of the first that failed; the server refuses those behind it, because their transaction is aborted. So
 * none of them may begin, end or revive a transaction: BEGIN has to be answered before, COMMIT is sent after.
 */
export async function sendAhead(commands: readonly Command[]): Promise<void> {
  for (const group of groupsOf(commands)) await sendGroup(group)
}

function groupsOf(commands: readonly Command[]): readonly (readonly Command[])[] {
  const groups: Command[][] = []
  for (const [index, command] of commands.entries()) {
    const open = groups.at(-1)
    const apart = command.alone === true || commands[index - 1]?.alone === true
    if (open === undefined || apart || open.length === mostAhead) groups.push([command])
    else open.push(command)
  }
  return groups
}

async function sendGroup(group: readonly Command[]): Promise<void> {
  const answers = group.map(({ send }) => send())
  const settled = Promise.allSettled(answers)
  try {
    for (const [index, command] of group.entries()) {
      command.turn()
      await answers[index]
    }
  } finally {
    // What comes next in this session must not meet answers of these.
    await settled
  }
}
