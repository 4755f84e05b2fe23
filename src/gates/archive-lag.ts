import { plural } from '../core/text.ts'
import type { Verdict } from '../model/verdict.ts'
import { checkCount } from './check-options.ts'
import type { Gate, GateContext } from './gate.ts'

/** The archive takes WAL as fast as it is written. */
export const archiveLag: Gate = {
  id: 'archive-lag',
  summary: 'Fewer WAL files wait for the archive than a limit.',
  why:
    'WAL stays on the disk of the server until it is archived. Where the archive is slower than a large change, or fails, ' +
    'the disk fills up; and what is not archived is not there when a backup is restored.',
  options: [
    {
      name: 'max-files',
      summary: 'how many files of WAL, 16 MB each unless the server was made otherwise, may wait',
      fallback: '64',
      example: '16',
      check: checkCount,
    },
  ],
  examples: ['-- migrate:gate archive-lag', '-- migrate:gate archive-lag max-files:16'],
  eachBatch: true,
  ask,
}

/** Asked again this much later, files may have been archived. */
const askAgainAfterMs = 5000

async function ask({ connection, settings }: GateContext): Promise<Verdict> {
  const { rows: found } = await connection.query<{ archives: boolean; visible: boolean }>(
    `select current_setting('archive_mode') <> 'off' as archives,
            has_function_privilege('pg_ls_archive_statusdir()', 'execute') as visible`,
  )
  if (found[0]?.archives === false) return { status: 'open', evidence: 'the server archives nothing' }
  if (found[0]?.visible !== true)
    return { status: 'unknown', reason: 'this role may not see what waits for the archive. GRANT pg_monitor to it' }
  const { rows } = await connection.query<{ waiting: number }>(
    `select count(*)::int as waiting from pg_ls_archive_statusdir() where name like '%.ready'`,
  )
  const waiting = rows[0]?.waiting ?? 0
  const limit = Number(settings['max-files'] ?? '64')
  const count = `${plural(waiting, 'WAL file')} ${waiting === 1 ? 'waits' : 'wait'} for the archive`
  if (waiting > limit) return { status: 'closed', reason: `${count}; the limit is ${limit}`, askAgainAfterMs }
  return { status: 'open', evidence: count }
}
