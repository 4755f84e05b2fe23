import { type Failure, failureText } from './session.ts'

/** What is to be said of one statement at one stop. */
export interface Finding {
  /** `note` leaves it proven. */
  readonly standing: 'broken' | 'not covered' | 'note'
  readonly text: string
  readonly sqlState: string | null
}

export function broken(text: string): Finding {
  return { standing: 'broken', text, sqlState: null }
}

export function notCovered(text: string): Finding {
  return { standing: 'not covered', text, sqlState: null }
}

export function note(text: string): Finding {
  return { standing: 'note', text, sqlState: null }
}

/** What the server refuses now and did not refuse before. */
export function refused(standing: 'broken' | 'not covered', failure: Failure, more = ''): Finding {
  return { standing, text: `${failureText(failure)}${more}`, sqlState: failure.sqlState }
}
