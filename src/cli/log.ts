import { pino } from 'pino'
import type { Log } from '../core/log.ts'

/** The log: one JSON object a line, through `write` (stderr), so that stdout stays the answer's. */
export function createLog(level: 'debug' | 'info' | 'warn', write: (line: string) => void): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write })
}
