import type { SideEffect } from '../../../model/side-effect.ts'

/** What was found; where it stands is for the caller to say. */
export type Found = Pick<SideEffect, 'reach' | 'what'>

/** What calling a function does outside its database. */
interface Known {
  readonly name: RegExp
  /** Where the name says too little: the schema that it is always called with. */
  readonly schema?: string
  readonly reach: SideEffect['reach']
  /** What follows the name. */
  readonly does: string
}

/** Functions of PostgreSQL and of the extensions that come with it, and of two that are common. */
const known: readonly Known[] = [
  { name: /^dblink(?:_\w+)?$/, reach: 'outside', does: 'connects to another server' },
  { name: /^(?:lo_import|lo_export)$/, reach: 'outside', does: 'reads or writes a file of the server' },
  {
    name: /^pg_(?:read_file|read_binary_file|stat_file|ls_\w*dir)$/,
    reach: 'outside',
    does: 'reads files of the server',
  },
  { name: /^(?:pg_file_\w+|pg_logdir_ls)$/, reach: 'outside', does: 'changes files of the server' },
  {
    name: /^http(?:_(?:get|post|put|patch|delete|head))?$/,
    reach: 'outside',
    does: 'sends a request to another machine',
  },
  { name: /^pg_(?:terminate|cancel)_backend$/, reach: 'cluster', does: 'ends what other sessions do' },
  {
    name: /^pg_(?:reload_conf|rotate_logfile|promote|switch_wal|create_restore_point|log_standby_snapshot)$/,
    reach: 'cluster',
    does: 'acts on the whole server',
  },
  {
    name: /^pg_(?:backup_start|backup_stop|start_backup|stop_backup|wal_replay_\w+|sync_replication_slots)$/,
    reach: 'cluster',
    does: 'acts on the whole server',
  },
  {
    name: /^pg_(?:(?:create_(?:physical|logical)|drop|copy_(?:physical|logical))_replication_slot|replication_slot_advance|replication_origin_\w+)$/,
    reach: 'cluster',
    does: 'changes the replication of the whole server',
  },
  {
    name: /^(?:schedule|schedule_in_database|alter_job|unschedule)$/,
    schema: 'cron',
    reach: 'cluster',
    does: 'changes the jobs of pg_cron',
  },
]

/** What a call does outside its database; undefined where that is nothing that is known. */
export function sideEffectOfCall(schema: string | undefined, name: string): Found | undefined {
  const found = known.find((one) => one.name.test(name) && (one.schema ?? schema) === schema)
  return found === undefined ? undefined : { reach: found.reach, what: `${name}() ${found.does}.` }
}
