import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { connect } from '../../src/db/connect.ts'
import { eventually } from './child-run.ts'
import { type OwnServer, ownServer } from './own-server.ts'

/** A server, and a replica of it that streams. Both are stopped with the test. */
export async function replicated(): Promise<{ readonly primary: OwnServer; readonly replica: OwnServer }> {
  let files = ''
  const primary = await ownServer(async (data) => {
    files = data
    return Promise.resolve(['wal_level=replica', 'max_wal_senders=4', 'fsync=on', 'full_page_writes=on'])
  })
  const address = new URL(primary.url())
  const host = address.searchParams.get('host') ?? address.hostname
  const port = address.searchParams.get('port') ?? address.port
  const replica = await ownServer(async (data) => {
    await baseBackup(primary, files, data)
    await writeFile(join(data, 'standby.signal'), '')
    const source = `host=${host} port=${port} user=postgres application_name=reader`
    return [`primary_conninfo=${source}`, 'hot_standby=on', 'wal_receiver_status_interval=1s', 'wal_level=replica']
  })
  const session = await connect(primary.url())
  const streams = async (): Promise<boolean> => {
    const { rows } = await session.query(`select from pg_stat_replication where state = 'streaming'`)
    return rows.length === 1
  }
  await eventually(streams, Boolean).finally(() => session.close())
  return { primary, replica }
}

/** The files of a server that runs, as a backup that begins where its label says. */
async function baseBackup(primary: OwnServer, from: string, to: string): Promise<void> {
  const session = await connect(primary.url())
  try {
    // Version 15 gave both other names.
    const [start, stop] =
      session.versionNumber >= 150_000 ? ['pg_backup_start', 'pg_backup_stop'] : ['pg_start_backup', 'pg_stop_backup']
    await session.query(`select ${start}('replica', true${session.versionNumber >= 150_000 ? '' : ', false'})`)
    await rm(to, { recursive: true })
    await promisify(execFile)('cp', ['-a', from, to])
    const { rows } = await session.query<{ label: string }>(`select labelfile as label from ${stop}(false)`)
    await writeFile(join(to, 'backup_label'), rows[0]?.label ?? '')
    await rm(join(to, 'postmaster.pid'))
  } finally {
    await session.close()
  }
}
