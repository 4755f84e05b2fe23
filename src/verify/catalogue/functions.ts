import { type CatalogueSource, access, notPart, owner, some, usersOwn, when, words } from './source.ts'

/** `shop.answer(integer)`: the argument types say which of several functions it is. */
const kinds = `case p.prokind when 'p' then 'procedure ' when 'a' then 'aggregate ' when 'w' then 'window function ' else 'function ' end`
const object = `${kinds} || p.oid::regprocedure::text`

/** The server's cost of a function that says none: 1 where it is written in C, 100 otherwise. */
const ordinaryCost = `case when p.prolang in (12, 13) then 1 else 100 end`

const functions: CatalogueSource = {
  kind: 'functions',
  reads: ['pg_proc', 'pg_language', 'pg_type'],
  object,
  aspects: {
    arguments: `nullif(pg_get_function_arguments(p.oid), '')`,
    result: `case when p.prokind <> 'p' then 'returns ' || pg_get_function_result(p.oid) end`,
    language: `(select 'language ' || quote_ident(lanname) from pg_language where oid = p.prolang)`,
    body: `case when p.prokind <> 'a' then coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) end`,
    library: `case when p.probin is not null then 'library ' || p.probin end`,
    volatility: words('p.provolatile', { i: 'immutable', s: 'stable' }),
    parallel: words('p.proparallel', { s: 'parallel safe', r: 'parallel restricted' }),
    security: when('p.prosecdef', 'security definer'),
    strictness: when('p.proisstrict', 'strict'),
    leakproof: when('p.proleakproof', 'leakproof'),
    cost: `case when p.prokind <> 'a' then 'cost ' || nullif(p.procost, ${ordinaryCost}) end`,
    rows: `case when p.proretset then 'rows ' || nullif(p.prorows, 1000) end`,
    settings: `case when p.proconfig is not null then (select string_agg('set ' || s, ', ' order by s collate "C") from unnest(p.proconfig) s) end`,
    support: `case when p.prosupport <> 0 then 'support function ' || p.prosupport::text end`,
    transforms: `case when p.protrftypes is not null then 'transforms ' || (select string_agg(format_type(t, null), ', ' order by n) from unnest(p.protrftypes) with ordinality f (t, n)) end`,
    ...owner('p.proowner'),
  },
  access: access('p.proacl', 'f', 'p.proowner'),
  from: `pg_proc p where ${usersOwn('pg_proc', 'p', 'pronamespace')} and ${notPart('pg_proc', 'p')}`,
  follows: ['pg_proc', 'pg_language'],
}

const named = (column: string, word: string): string =>
  `case when ${column} <> 0 then '${word} ' || ${column}::text end`

const aggregates: CatalogueSource = {
  kind: 'aggregates',
  reads: ['pg_aggregate', 'pg_proc'],
  object,
  aspects: {
    'transition function': `'transition function ' || g.aggtransfn::text`,
    'transition type': `'transition type ' || format_type(g.aggtranstype, null) || case when g.aggtransspace > 0 then ', space ' || g.aggtransspace else '' end`,
    'final function': `${named('g.aggfinalfn', 'final function')} || case when g.aggfinalextra then ' with extra arguments' else '' end || case g.aggfinalmodify when 'r' then '' when 's' then ', shareable' else ', read-write' end`,
    'start value': `'start value ' || quote_literal(g.agginitval)`,
    'combine function': named('g.aggcombinefn', 'combine function'),
    serialization: `${named('g.aggserialfn', 'serialized by')} || ' and ' || g.aggdeserialfn::text`,
    moving: `${named('g.aggmtransfn', 'moving forward by')} || ', back by ' || g.aggminvtransfn::text || ', state ' || format_type(g.aggmtranstype, null) || coalesce(', start ' || quote_literal(g.aggminitval), '') || case when g.aggmfinalfn <> 0 then ', final ' || g.aggmfinalfn::text else '' end`,
    'sort operator': `case when g.aggsortop <> 0 then 'sort operator ' || g.aggsortop::regoperator::text end`,
    kind: words('g.aggkind', { o: 'ordered-set aggregate', h: 'hypothetical-set aggregate' }),
  },
  from: `pg_aggregate g join pg_proc p on p.oid = g.aggfnoid where ${usersOwn('pg_proc', 'p', 'pronamespace')}`,
  present: some('pg_aggregate', 'aggfnoid >= 16384'),
  follows: ['pg_aggregate', 'pg_proc'],
}

export const functionSources: readonly CatalogueSource[] = [functions, aggregates]
