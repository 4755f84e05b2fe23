import { type CatalogueSource, access, foreignOptions, owner, some, usersLoose } from './source.ts'
import { unreadable } from './unreadable.ts'

const wrappers: CatalogueSource = {
  kind: 'foreign data wrappers',
  reads: ['pg_foreign_data_wrapper'],
  object: `'foreign data wrapper ' || quote_ident(w.fdwname)`,
  aspects: {
    handler: `case when w.fdwhandler <> 0 then 'handler ' || w.fdwhandler::regproc::text end`,
    validator: `case when w.fdwvalidator <> 0 then 'validator ' || w.fdwvalidator::regproc::text end`,
    options: foreignOptions('w.fdwoptions'),
    ...owner('w.fdwowner'),
  },
  access: access('w.fdwacl', 'F', 'w.fdwowner'),
  from: `pg_foreign_data_wrapper w where ${usersLoose('pg_foreign_data_wrapper', 'w')}`,
}

const servers: CatalogueSource = {
  kind: 'foreign servers',
  reads: ['pg_foreign_server', 'pg_foreign_data_wrapper'],
  object: `'foreign server ' || quote_ident(s.srvname)`,
  aspects: {
    wrapper: `(select 'wrapper ' || quote_ident(fdwname) from pg_foreign_data_wrapper where oid = s.srvfdw)`,
    type: `'type ' || quote_literal(s.srvtype)`,
    version: `'version ' || quote_literal(s.srvversion)`,
    options: foreignOptions('s.srvoptions'),
    ...owner('s.srvowner'),
  },
  access: access('s.srvacl', 'S', 's.srvowner'),
  from: `pg_foreign_server s where ${usersLoose('pg_foreign_server', 's')}`,
}

/** Only names of options: the values are passwords. The view shows none to a role that may not use the mapping. */
const mappings: CatalogueSource = {
  kind: 'user mappings',
  reads: [],
  object: `'user mapping for ' || m.usename || ' on server ' || quote_ident(m.srvname)`,
  aspects: {
    options: `case when m.umoptions is not null then 'options ' || (select string_agg(split_part(o, '=', 1), ', ' order by o collate "C") from unnest(m.umoptions) o)
      when not (select rolsuper from pg_roles where rolname = current_user) then '${unreadable}' end`,
  },
  from: 'pg_user_mappings m',
  // A mapping needs a server; the view is not read for nothing.
  present: some('pg_foreign_server'),
}

export const foreignSources: readonly CatalogueSource[] = [wrappers, servers, mappings]
