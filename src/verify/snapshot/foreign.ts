import type { StatementQuery } from './query.ts'
import { functionName, rows, usersLoose } from './query.ts'

/** Of nothing here the options are read: they hold hosts, logins and passwords. */
export const foreignDataWrappers: StatementQuery = {
  reads: ['pg_foreign_data_wrapper', 'pg_proc'],
  sql: `
    ${rows(
      `concat_ws(' ', format('create foreign data wrapper %I', w.fdwname), 'handler ' || ${functionName('w.fdwhandler')}, 'validator ' || ${functionName('w.fdwvalidator')})`,
      { schema: 'null', name: 'w.fdwname' },
    )}
    from pg_foreign_data_wrapper w where ${usersLoose('pg_foreign_data_wrapper', 'w.oid')}`,
}

export const foreignServers: StatementQuery = {
  reads: ['pg_foreign_server', 'pg_foreign_data_wrapper'],
  sql: `
    ${rows(`format('create server %I foreign data wrapper %I', s.srvname, w.fdwname)`, { schema: 'null', name: 's.srvname' })}
    from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw where ${usersLoose('pg_foreign_server', 's.oid')}`,
}

/** The view says to everybody that there is a mapping, where the catalogue itself is for superusers. */
export const userMappings: StatementQuery = {
  reads: ['pg_user_mappings'],
  sql: `
    ${rows(
      `format('create user mapping for %s server %I', case m.umuser when 0 then 'public' else quote_ident(m.usename) end, m.srvname)`,
      { schema: 'null', name: `case m.umuser when 0 then 'public' else m.usename end || ' on ' || m.srvname` },
    )}
    from pg_user_mappings m`,
}
