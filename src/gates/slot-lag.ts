import { formatBytes, parseBytes } from '../core/bytes.ts'
import { plural } from '../core/text.ts'
import type { Verdict } from '../model/verdict.ts'
import { checkSize } from './check-options.ts'
import type { Gate, GateContext } from './gate.ts'

/** Consumers of replication slots follow closely, whether they are connected or not. */
export const slotLag: Gate = {
  id: 'slot-lag',
  summary: 'Every replication slot is behind by less than a limit.',
  why:
    'A slot keeps the WAL that its consumer has not taken yet: where that is a replica that is away, or change data ' +
    'capture that is slow, the log of a large change fills the disk of the server. A slot without a consumer shows ' +
    'nowhere but in its bytes.',
  options: [
    {
      name: 'max',
      summary: 'how much WAL a consumer may have before it',
      fallback: '1GB',
      example: '256MB',
      check: checkSize,
    },
  ],
  examples: ['-- migrate:gate slot-lag', '-- migrate:gate slot-lag max:256MB'],
  eachBatch: true,
  ask,
}

/** Asked again this much later, a consumer may have caught up. */
const askAgainAfterMs = 5000

interface Slot {
  readonly name: string
  readonly bytes: number
}

/** Any role may read the slots. One that has lost its WAL, or never kept any, keeps nothing now. */
async function ask({ connection, settings }: GateContext): Promise<Verdict> {
  const limit = parseBytes(settings['max'] ?? '1GB')
  const { rows } = await connection.query<Slot>(
    `select format('%s (%s%s)', slot_name, slot_type, case when active then '' else ', without a consumer' end) as name,
            pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end,
                            coalesce(confirmed_flush_lsn, restart_lsn))::float8 as bytes
       from pg_replication_slots where restart_lsn is not null order by 2 desc`,
  )
  const [worst] = rows
  if (worst === undefined) return { status: 'open', evidence: 'no replication slot keeps any WAL' }
  if (worst.bytes > limit) {
    const reason = `the slot ${worst.name} is ${formatBytes(worst.bytes)} behind; the limit is ${formatBytes(limit)}`
    return { status: 'closed', reason, askAgainAfterMs }
  }
  const most = formatBytes(Math.max(worst.bytes, 0))
  return { status: 'open', evidence: `${plural(rows.length, 'replication slot')}, at most ${most} behind` }
}
