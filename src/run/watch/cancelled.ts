import { plural } from '../../core/text.ts'
import { formatDuration } from '../../core/time.ts'
import { DatabaseError } from '../../db/database-error.ts'
import type { Sight } from './look.ts'

/** query_canceled: what the server answers when the watcher has cancelled a statement. */
const queryCancelled = '57014'

/** The migration waited for a lock, and others stood behind it: it made room, and may try again. */
export class GaveWay extends DatabaseError {
  readonly behind: number

  constructor({ behind, behindMs }: Sight, cause: unknown) {
    super(`gave way: ${plural(behind, 'session')} waited behind it for ${formatDuration(behindMs)}`, {
      sqlState: queryCancelled,
      cause,
    })
    this.behind = behind
  }
}

/** The migration held what others waited for, for longer than they may be made to wait. */
export class HeldOthersUp extends DatabaseError {
  constructor({ behind, behindMs }: Sight, cause: unknown) {
    super(
      `cancelled: ${plural(behind, 'session')} waited for what it holds, the first for ${formatDuration(behindMs)}`,
      {
        sqlState: queryCancelled,
        cause,
      },
    )
  }
}
