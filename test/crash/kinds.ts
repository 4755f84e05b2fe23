import type { CliRun } from '../support/cli.ts'
import type { Fault, ProxiedSession, SentMessage } from '../support/wire-proxy.ts'

/** What a kind of harm can reach. */
export interface Reach {
  readonly runner: CliRun
  /** Ends the server process of a session, as an administrator does. */
  terminate(backend: number): Promise<void>
  /** Stops the server at once, without a checkpoint, and waits until it is there again. */
  restartServer(): Promise<void>
}

export interface Kind {
  readonly name: string
  /** Points: each message, or only those that end a request, which is what the server acts on. */
  readonly points: 'messages' | 'requests'
  /** From the startup message on, or only from the first message that writes something: before that all runs read. */
  readonly from: 'start' | 'write'
  readonly fault: (reach: () => Reach) => Omit<Fault, 'at'>
  /** How the command may end: it never says that it is a bug, and does not claim to be done when it is not. */
  readonly exits: readonly (number | null)[]
}

/** Of a connection that broke: it says so, or all was done before. */
export const lostExits: readonly number[] = [0, 6]

/** The connection breaks between any two messages. */
export const cut: Kind = {
  name: 'P1: the connection is cut',
  points: 'requests',
  from: 'write',
  fault: () => ({ when: 'before', outcome: 'cut' }),
  exits: lostExits,
}

/** The server did what it was asked, and nobody hears of it: COMMIT too. */
export const answerLost: Kind = {
  ...cut,
  name: 'P2: the answer is lost',
  fault: () => ({ when: 'answered', outcome: 'cut' }),
}

export const killed: Kind = {
  ...cut,
  name: 'P4: kill -9 of the runner',
  fault: (reach) => ({ when: 'answered', act: () => kill(reach().runner), outcome: 'cut' }),
  exits: [null],
}

export const terminated: Kind = {
  ...cut,
  name: 'S14, P14: pg_terminate_backend',
  fault: (reach) => ({
    when: 'before',
    act: ({ backend }: ProxiedSession) => reach().terminate(backend),
    outcome: 'forward',
  }),
}

export const toldToEnd: Kind = {
  ...cut,
  name: 'P9: SIGTERM',
  fault: (reach) => ({ when: 'before', act: () => reach().runner.signal('SIGTERM'), outcome: 'forward' }),
  // It came too late when everything was done already.
  exits: [0, 143],
}

export const serverStopped: Kind = {
  ...cut,
  name: 'P1: immediate stop of the server',
  fault: (reach) => ({ when: 'before', act: () => reach().restartServer(), outcome: 'forward' }),
}

/** The parts of a request too: of Parse, Bind, Describe, Execute and Sync only the first have arrived. */
export const everyMessage = (kind: Kind): Kind => ({
  ...kind,
  name: `${kind.name}, at every message`,
  points: 'messages',
  from: 'start',
})

/** What was sent has arrived, what was not never will. */
export const killedBetween: Kind = {
  ...killed,
  name: 'P1: kill -9 of the runner',
  fault: (reach) => ({ when: 'before', act: () => kill(reach().runner), outcome: 'cut' }),
}

async function kill(runner: CliRun): Promise<void> {
  runner.signal('SIGKILL')
  await runner.ended
}

/** The messages of the session that runs the DDL at which this kind strikes. */
export function pointsOf({ points, from }: Kind, messages: readonly SentMessage[]): readonly SentMessage[] {
  const write = messages.find(({ sql }) => /^create schema "migrate"|(insert into|update) "migrate"/.test(sql ?? ''))
  if (write === undefined) throw new Error('The undisturbed run wrote nothing.')
  return messages.filter(
    ({ session, index, endsRequest }) =>
      session === write.session && (points === 'messages' || endsRequest) && (from === 'start' || index >= write.index),
  )
}
