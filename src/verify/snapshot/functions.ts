import { notOfExtension, usersSchema } from '../catalogue/query.ts'
import type { StatementQuery } from './query.ts'
import { functionName, given, named, notPart, operatorName, rows } from './query.ts'
import { usedFunctions, usedRelations } from './uses.ts'

const ofFunction = { schema: 'n.nspname', name: 'p.proname' }
const fromFunctions = `from pg_proc p join pg_namespace n on n.oid = p.pronamespace`
const isFunction = `${usersSchema('n')} and ${notOfExtension('pg_proc', 'p.oid')} and ${notPart('pg_proc', 'p.oid')}`

const body = { catalogue: 'pg_proc', oid: 'p.oid' }

/** A body that is SQL of its own: what it uses, for the server notes that. */
const atomicBody = `' begin atomic ' || concat_ws(' ', ${usedRelations(body, { own: '0', query: '%s;', between: ' ' })}, ${usedFunctions(body, 'select %s;', ' ')}, 'end')`

/** A body that is a text stands apart: only its names are kept. */
export const functions: StatementQuery = {
  reads: ['pg_proc', 'pg_language'],
  sql: `
    ${rows(
      `format('create %s %s(%s)%s language %I %s%s', case p.prokind when 'p' then 'procedure' else 'function' end,
         ${named('n.nspname', 'p.proname')}, pg_get_function_arguments(p.oid),
         coalesce(' returns ' || pg_get_function_result(p.oid), ''), l.lanname,
         case when p.prokind = 'p' then '' when p.provolatile = 'i' then 'immutable' when p.provolatile = 's' then 'stable' else 'volatile' end,
         case when p.prosqlbody is null then '' else ${atomicBody} end)`,
      {
        ...ofFunction,
        body: `case when p.prosqlbody is null then case when l.lanname in ('sql', 'plpgsql') then p.prosrc else '' end end`,
      },
    )}
    ${fromFunctions} join pg_language l on l.oid = p.prolang where p.prokind <> 'a' and ${isFunction}`,
}

const aggregateParts = [
  given('sfunc', functionName('g.aggtransfn')),
  given('stype', 'format_type(g.aggtranstype, null)'),
  given('finalfunc', functionName('g.aggfinalfn')),
  given('combinefunc', functionName('g.aggcombinefn')),
  given('serialfunc', functionName('g.aggserialfn')),
  given('deserialfunc', functionName('g.aggdeserialfn')),
  given('msfunc', functionName('g.aggmtransfn')),
  given('minvfunc', functionName('g.aggminvtransfn')),
  given('mstype', `case when g.aggmtranstype <> 0 then format_type(g.aggmtranstype, null) end`),
  given('mfinalfunc', functionName('g.aggmfinalfn')),
  given('sortop', operatorName('g.aggsortop')),
].join(', ')

export const aggregates: StatementQuery = {
  reads: ['pg_proc', 'pg_aggregate', 'pg_operator'],
  sql: `
    ${rows(
      `format('create aggregate %s (%s) (%s)', ${named('n.nspname', 'p.proname')},
         coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*'), concat_ws(', ', ${aggregateParts}))`,
      ofFunction,
    )}
    ${fromFunctions} join pg_aggregate g on g.aggfnoid = p.oid where ${isFunction}`,
}
