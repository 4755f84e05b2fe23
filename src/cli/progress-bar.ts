import cliProgress from 'cli-progress'
import { formatCount } from '../core/text.ts'
import { formatDuration } from '../core/time.ts'

/** Rows passed, how many there are about, and how fast it goes. */
export interface Pace {
  readonly rowsDone: number
  readonly rowsEstimated: number
  readonly rowsPerSecond: number
  readonly etaMs: number | undefined
}

/** A bar on stderr: started by the first update, ended by `stop`. */
export function progressBar(): { readonly update: (pace: Pace) => void; readonly stop: () => void } {
  const bar = new cliProgress.SingleBar({
    format: '  {bar} {percentage}% · {rows} rows · {speed} rows/s · {left}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    stream: process.stderr,
  })
  let running = false
  return {
    update: (pace) => {
      const total = Math.max(pace.rowsEstimated, pace.rowsDone, 1)
      const payload = {
        rows: formatCount(pace.rowsDone),
        speed: formatCount(pace.rowsPerSecond),
        left: pace.etaMs === undefined || pace.etaMs === 0 ? '' : `${formatDuration(pace.etaMs)} left`,
      }
      if (!running) bar.start(total, pace.rowsDone, payload)
      running = true
      bar.setTotal(total)
      bar.update(pace.rowsDone, payload)
    },
    stop: () => {
      if (running) bar.stop()
      running = false
    },
  }
}
