/** Functions that reach outside the database, or other sessions: rolling back does not undo them, so they are not executed. */
const outside =
  /^(dblink|lo_(import|export)|pg_(read|ls|stat_file|file|terminate_backend|cancel_backend|reload_conf|rotate|promote|switch_wal|create_restore_point|logical_emit_message|sleep|log_backend|backup|wal_replay|import_system_collations)|http)/

/** The first of the functions that must not be executed. */
export function reachesOutside(functions: readonly string[]): string | undefined {
  return functions.find((name) => outside.test(name))
}
