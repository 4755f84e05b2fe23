import type { ExitName } from './error-codes.ts'

/** What an exit code means, and what whoever sees nothing else does then. */
export interface ExitMeaning {
  readonly meaning: string
  readonly advice: string
}

/** For people who write pipelines. A new exit name fails to compile until it has words. */
export const exitMeanings: Readonly<Record<ExitName, ExitMeaning>> = {
  ok: { meaning: 'Nothing to say.', advice: 'Go on.' },
  no: {
    meaning: 'The answer is no: findings, a failed proof, a migration that failed and was rolled back.',
    advice: 'Stop; a person looks at what it says.',
  },
  usage: { meaning: 'Asked wrongly: options, configuration, files.', advice: 'Stop; correct what it names.' },
  pending: {
    meaning: 'Something is pending or has drifted, for commands that check.',
    advice: '`migrate up`, or wait for the job that runs it; after `drift` a person looks.',
  },
  locked: {
    meaning: 'Another run holds the lock, or a lock was not obtained. Try again.',
    advice: 'Run the same command again, later.',
  },
  gateClosed: {
    meaning: 'A gate is closed or an approval is missing. Nothing behind it was changed.',
    advice: 'Run the same command again when the gate is open: `migrate gate ID` asks it.',
  },
  cannotConnect: {
    meaning: 'The server cannot be reached. Try again.',
    advice: 'Run the same command again, later. Where the password was refused, correct it first.',
  },
  unsafePlace: {
    meaning: 'Not a place to run in: a transaction pooler, a read-only replica, the wrong target.',
    advice: 'Stop; correct the address, the role or the label.',
  },
  halfway: {
    meaning: 'Stopped half-way; the next run resumes.',
    advice:
      'Run the same command again: it goes on where it stopped. What failed has to be mended first, and after `check-unreverted` a person looks; `migrate status` says what is half-way.',
  },
  bug: {
    meaning: 'A bug in this tool.',
    advice:
      'Report it with the command and what it said. `migrate status` says what is applied; nothing else was committed.',
  },
  interrupted: {
    meaning: 'Interrupted (SIGINT); what was open was rolled back.',
    advice: 'Run the same command again: it goes on where it stopped.',
  },
  terminated: {
    meaning: 'Told to end (SIGTERM); what was open was rolled back.',
    advice: 'Run the same command again: it goes on where it stopped.',
  },
}
