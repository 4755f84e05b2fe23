import { type CatalogueSource, always, firstOfUser, some } from './source.ts'

/** Condition: what a comment or label is on is the user's, in no schema of the journal, and of no extension. */
const on = (
  alias: string,
): string => `(${alias}.objoid >= ${firstOfUser} or (${alias}.classoid = 'pg_namespace'::regclass and ${alias}.objoid = to_regnamespace('public')))
  and not exists (select from members m where m.classid = ${alias}.classoid and m.objid = ${alias}.objoid)
  and coalesce(i.schema, '') !~ '^pg_' and coalesce(i.schema, '') <> $1 and not (${alias}.classoid = 'pg_namespace'::regclass and i.name = $1)`

const identity = (alias: string): string =>
  `lateral pg_identify_object(${alias}.classoid, ${alias}.objoid, ${alias}.objsubid) i`

/** Comments of extensions come with their version. */
const comments: CatalogueSource = {
  kind: 'comments',
  reads: ['pg_description'],
  object: `'comment on ' || i.type || ' ' || i.identity`,
  aspects: { text: 'quote_literal(d.description)' },
  from: `pg_description d, ${identity('d')} where d.classoid <> 'pg_extension'::regclass and ${on('d')}`,
  present: always,
}

const databaseComment: CatalogueSource = {
  kind: 'the comment of the database',
  reads: ['pg_shdescription', 'pg_database'],
  object: `'comment on the database'`,
  aspects: { text: 'quote_literal(d.description)' },
  from: `pg_shdescription d join pg_database b on b.oid = d.objoid where d.classoid = 'pg_database'::regclass and b.datname = current_database()`,
  present: some('pg_shdescription', `classoid = 'pg_database'::regclass`),
}

const securityLabels: CatalogueSource = {
  kind: 'security labels',
  reads: ['pg_seclabel'],
  object: `'security label of ' || l.provider || ' on ' || i.type || ' ' || i.identity`,
  aspects: { text: 'quote_literal(l.label)' },
  from: `pg_seclabel l, ${identity('l')} where ${on('l')}`,
  present: some('pg_seclabel'),
}

export const remarkSources: readonly CatalogueSource[] = [comments, databaseComment, securityLabels]
