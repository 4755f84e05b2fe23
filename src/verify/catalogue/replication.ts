import { type CatalogueSource, owner, some, when } from './source.ts'

export function replicationSources(major: number): readonly CatalogueSource[] {
  return [publications(major), publishedTables(major), ...(major >= 15 ? [publishedSchemas] : []), subscriptions]
}

const publication = `'publication ' || quote_ident(p.pubname)`

function publications(major: number): CatalogueSource {
  return {
    kind: 'publications',
    reads: ['pg_publication'],
    object: publication,
    aspects: {
      operations: `nullif('publishes ' || concat_ws(', ', ${when('p.pubinsert', 'insert')}, ${when('p.pubupdate', 'update')}, ${when('p.pubdelete', 'delete')}, ${when('p.pubtruncate', 'truncate')}), 'publishes insert, update, delete, truncate')`,
      'all tables': when('p.puballtables', 'all tables'),
      partitions: when('p.pubviaroot', 'partitions as their root'),
      ...(major >= 18 ? { generated: when(`p.pubgencols = 's'`, 'stored generated columns too') } : {}),
      ...owner('p.pubowner'),
    },
    from: 'pg_publication p',
    present: some('pg_publication'),
  }
}

function publishedTables(major: number): CatalogueSource {
  const columns = `(select 'columns ' || string_agg(quote_ident(a.attname), ', ' order by a.attname collate "C") from pg_attribute a where a.attrelid = t.prrelid and a.attnum = any (t.prattrs))`
  return {
    kind: 'published tables',
    reads: ['pg_publication', 'pg_publication_rel'],
    object: publication,
    part: `'table ' || t.prrelid::regclass::text`,
    aspects:
      major >= 15
        ? {
            columns: `case when t.prattrs is not null then ${columns} end`,
            rows: `'rows where ' || pg_get_expr(t.prqual, t.prrelid)`,
          }
        : {},
    from: 'pg_publication p join pg_publication_rel t on t.prpubid = p.oid',
    present: some('pg_publication_rel'),
  }
}

const publishedSchemas: CatalogueSource = {
  kind: 'published schemas',
  reads: ['pg_publication', 'pg_publication_namespace'],
  object: publication,
  part: `'tables of schema ' || s.pnnspid::regnamespace::text`,
  aspects: {},
  from: 'pg_publication p join pg_publication_namespace s on s.pnpubid = p.oid',
  present: some('pg_publication_namespace'),
}

/** Never the connection string: it holds a password, and a role that is no superuser may not read it. */
const subscriptions: CatalogueSource = {
  kind: 'subscriptions',
  reads: [],
  object: `'subscription ' || quote_ident(s.subname)`,
  aspects: {
    publications: `'to ' || (select string_agg(quote_ident(p), ', ' order by p collate "C") from unnest(s.subpublications) p)`,
    state: when('not s.subenabled', 'disabled'),
    slot: `coalesce('slot ' || nullif(quote_ident(s.subslotname), quote_ident(s.subname)), case when s.subslotname is null then 'no slot' end)`,
    binary: when('s.subbinary', 'binary'),
    'synchronous commit': `'synchronous commit ' || nullif(s.subsynccommit, 'off')`,
    ...owner('s.subowner'),
  },
  from: 'pg_subscription s where s.subdbid = (select oid from pg_database where datname = current_database())',
  present: 'exists (select s.oid from pg_subscription s)',
}
