import { query, where } from './queries.ts'
import {
  anyFunction,
  anyPolicy,
  anyRule,
  anySequence,
  anyTable,
  anyTrigger,
  anyType,
  anyView,
  newColumn,
  bareRelation,
  bareType,
  cascade,
  column,
  condition,
  constraintName,
  different,
  expression,
  function_,
  ifExists,
  maybe,
  one,
  oneOf,
  schema,
  sequence,
  source,
  sql,
  trigger,
  triggerFunction,
  type,
  userType,
  value,
  bareView,
  view,
} from './words.ts'

export const views = oneOf(
  [4, sql`create ${maybe('or replace ', 'temp ')}view ${view} as ${query}`],
  [1, sql`create view ${view} (${different(column, 2)}) as ${query}`],
  [2, sql`create materialized view ${maybe('if not exists ')}${view} as ${query}`],
  [1, sql`alter view ${anyView} alter ${column} set default ${value}`],
  [1, sql`alter view ${anyView} rename column ${column} to ${newColumn}`],
  [1, sql`alter ${one('view', 'materialized view')} ${anyView} rename to ${bareView}`],
)

export const sequences = oneOf(
  [
    4,
    sql`create ${maybe('temp ')}sequence ${maybe('if not exists ')}${sequence}${maybe(' as int', ' as smallint')}${oneOf([3, one('')], [1, sql` owned by ${anyTable}.${column}`])}`,
  ],
  [1, sql`alter sequence ${ifExists}${sequence} owned by ${oneOf([1, one('none')], [3, sql`${anyTable}.${column}`])}`],
  [1, sql`alter sequence ${anySequence} ${one('as int', 'restart', 'increment by 2')}`],
  // Those of serial columns too.
  [1, sql`alter sequence ${anySequence} owned by ${oneOf([1, one('none')], [3, sql`${anyTable}.${column}`])}`],
)

const attribute = sql`${newColumn} ${type}`
export const types = oneOf(
  [4, sql`create type ${userType} as enum (${one("'sad'", "'sad', 'ok'", '')})`],
  [3, sql`create type ${userType} as (${attribute})`],
  [1, sql`create type ${userType} as (a int, b text${oneOf([1, one('')], [1, sql`, "A" ${type}`])})`],
  [2, sql`create type ${userType} as range (subtype = ${type})`],
  [1, sql`create type ${userType} as range (subtype = ${type}, multirange_type_name = ${userType})`],
  [
    4,
    sql`create domain ${userType} as ${type}${oneOf([2, one('')], [1, sql` default ${value}`])}${maybe(' not null')}${oneOf([2, one('')], [2, sql` ${oneOf([2, one('')], [1, sql`constraint ${constraintName} `])}check (${domainCheck()})`])}`,
  ],
  [
    1,
    sql`alter type ${anyType} add value ${maybe('if not exists ')}${one("'ok'", "'glad'")}${maybe(" before 'sad'", " after 'sad'")}`,
  ],
  [1, sql`alter type ${anyType} rename value 'sad' to ${one("'low'", "'ok'")}`],
  [1, sql`alter type ${anyType} add attribute ${attribute}${cascade}`],
  [1, sql`alter type ${anyType} drop attribute ${ifExists}${newColumn}${cascade}`],
  [1, sql`alter type ${anyType} alter attribute ${newColumn} type ${type}${cascade}`],
  [1, sql`alter type ${anyType} rename attribute ${newColumn} to ${newColumn}${cascade}`],
  [1, sql`alter ${one('type', 'domain')} ${anyType} rename to ${bareType}`],
  [
    1,
    sql`alter domain ${anyType} add ${oneOf([1, one('')], [1, sql`constraint ${constraintName} `])}check (${domainCheck()})${maybe(' not valid')}`,
  ],
  [1, sql`alter domain ${anyType} ${one('set not null', 'drop not null', 'drop default')}`],
  [1, sql`alter domain ${anyType} set default ${value}`],
  [
    1,
    sql`alter domain ${anyType} drop constraint ${ifExists}${oneOf([2, constraintName], [1, sql`${bareType}_check`])}`,
  ],
  [1, sql`alter domain ${anyType} rename constraint ${constraintName} to ${constraintName}`],
)

function domainCheck(): typeof condition {
  return oneOf([3, one('value is not null', 'length(value::text) > 0')], [1, sql`${function_}(value::text) <> ''`])
}

const body = `language plpgsql as 'begin return null; end'`
export const functions = oneOf(
  [
    4,
    sql`create or replace function ${function_}(one text) returns text language sql ${one('immutable', 'stable', 'volatile')} as 'select one'`,
  ],
  [
    1,
    sql`create ${maybe('or replace ')}function ${function_}(one ${type}) returns ${type} language sql as 'select null'`,
  ],
  [
    1,
    sql`create function ${function_}(one ${type}, two int default 3) returns setof ${anyTable} language sql as 'select null'`,
  ],
  [1, sql`create function ${function_}() returns table (a ${type}) ${one(body)}`],
  [
    1,
    sql`create function ${function_}(two int) returns bigint language sql return (select count(*) from ${anyTable}${where})`,
  ],
  [1, sql`create procedure ${function_}(one ${type}) language sql as 'select 1'`],
  [3, sql`create or replace function ${triggerFunction}() returns trigger ${one(body)}`],
  [1, sql`alter function ${anyFunction} ${one('immutable', 'stable', 'volatile', 'strict')}`],
  [1, sql`alter ${one('function', 'routine')} ${anyFunction} rename to ${one('f', 'g', '"F"')}`],
  [1, sql`alter function ${triggerFunction}() rename to ${one('tf', '"TF"')}`],
  [1, sql`alter ${one('function', 'procedure', 'routine')} ${anyFunction} set schema ${schema}`],
  [1, sql`drop ${one('function', 'procedure', 'routine')} ${ifExists}${anyFunction}${cascade}`],
  [1, sql`drop function ${triggerFunction}${maybe('()')}${cascade}`],
  [1, sql`create aggregate ${function_} (int) (sfunc = int4pl, stype = int)`],
  [1, sql`create aggregate ${function_} (${type}) (sfunc = ${function_}, stype = text)`],
)

export const onTables = oneOf(
  [
    3,
    sql`create ${maybe('or replace ')}trigger ${trigger} ${one('before', 'after')} ${oneOf([1, one('insert', 'insert or delete', 'truncate', 'update')], [1, sql`update of ${different(column, 2)}`])} on ${anyTable} for each ${one('row', 'statement')}${oneOf([3, one('')], [1, sql` when (new.${column} is not null)`])} execute function ${triggerFunction}()`,
  ],
  [
    1,
    sql`create constraint trigger ${trigger} after insert on ${anyTable} for each row execute function ${triggerFunction}()`,
  ],
  [
    1,
    sql`create trigger ${trigger} instead of insert on ${anyView} for each row execute function ${triggerFunction}()`,
  ],
  [1, sql`drop trigger ${ifExists}${anyTrigger} on ${anyTable}${cascade}`],
  [1, sql`alter trigger ${anyTrigger} on ${anyTable} rename to ${trigger}`],
  [2, sql`create policy ${trigger} on ${anyTable} using (${condition})`],
  [
    1,
    sql`create policy ${trigger} on ${anyTable} using (exists (select from ${anyTable} two where two.${column} is null))`,
  ],
  [1, sql`alter policy ${anyPolicy} on ${anyTable} using (${condition})`],
  [1, sql`alter policy ${anyPolicy} on ${anyTable} rename to ${trigger}`],
  [1, sql`drop policy ${ifExists}${anyPolicy} on ${anyTable}`],
  [
    1,
    sql`create ${maybe('or replace ')}rule ${trigger} as on ${one('insert', 'delete')} to ${source} do instead nothing`,
  ],
  [1, sql`create rule ${trigger} as on delete to ${anyTable} do also delete from ${anyTable} where ${column} is null`],
  [1, sql`alter rule ${anyRule} on ${anyTable} rename to ${trigger}`],
  [1, sql`drop rule ${ifExists}${anyRule} on ${source}${cascade}`],
  [
    2,
    sql`create statistics ${oneOf([1, one('')], [1, one('st', 'shop.st')])} on ${column}, ${oneOf([2, column], [1, sql`(${expression})`])} from ${anyTable}`,
  ],
  [1, sql`alter statistics st rename to ${one('st', '"St"')}`],
  [1, sql`drop statistics ${ifExists}${one('st', 'shop.st', '"St"')}${cascade}`],
)

export const others = oneOf(
  [
    1,
    sql`create publication ${one('pub', '"Pub"')} for ${oneOf([1, one('all tables')], [3, sql`table ${maybe('only ')}${different(anyTable, 2)}`])}`,
  ],
  [1, sql`alter publication ${one('pub', '"Pub"')} ${one('add', 'drop', 'set')} table ${anyTable}`],
  [1, sql`drop publication ${ifExists}${one('pub', '"Pub"')}`],
  [1, sql`create operator ${one('===', 'shop.===')} (function = ${function_}, rightarg = text)`],
  [1, sql`create cast (${anyType} as ${one('int', 'text')}) with inout`],
  [1, sql`drop cast ${ifExists}(${anyType} as ${one('int', 'text')})${cascade}`],
  [1, sql`create collation ${maybe('if not exists ')}${one('col', 'shop.col')} from "C"`],
  [
    1,
    sql`create extension ${maybe('if not exists ')}${one('citext', 'hstore', 'btree_gist')}${oneOf([2, one('')], [1, sql` schema ${schema}`])}`,
  ],
  [1, sql`comment on table ${anyTable} is 'x'`],
  [1, sql`comment on column ${anyTable}.${column} is 'x'`],
  [1, sql`alter default privileges in schema ${schema} grant select on tables to public`],
  [1, sql`grant select on ${anyTable} to public`],
)

export const schemas = oneOf(
  [4, sql`create schema ${maybe('if not exists ')}${schema}`],
  [1, sql`create schema ${maybe('if not exists ')}${schema} create table u (a int primary key, b text)`],
  [1, one('create schema "Shop" create table t (a int) create view v as select a from t create index i on t (a)')],
  [1, one('create schema "Shop" create view v as select a from t create table t (a int primary key, b text)')],
  [1, sql`drop schema ${ifExists}${schema}${cascade}`],
  [2, sql`alter schema ${schema} rename to ${one('shop', '"Shop"')}`],
  [
    4,
    sql`set ${maybe('local ', 'session ')}search_path ${one('to', '=')} ${one('shop, public', '"Shop", shop, public', 'public', 'public, "Shop"', "'shop'", 'default', '"$user", public')}`,
  ],
  [2, one('reset search_path')],
)

export const moves = oneOf(
  [4, sql`alter table ${ifExists}${anyTable} rename to ${bareRelation}`],
  [4, sql`alter table ${ifExists}${anyTable} set schema ${schema}`],
  [1, sql`alter table ${anyView} rename to ${bareView}`],
  [2, sql`alter ${one('view', 'materialized view', 'table')} ${anyView} set schema ${schema}`],
  [
    1,
    sql`alter sequence ${anySequence} ${oneOf([1, sql`set schema ${schema}`], [1, one('rename to r', 'rename to s')])}`,
  ],
  [2, sql`alter ${one('type', 'domain')} ${anyType} set schema ${schema}`],
  [1, sql`alter statistics st set schema ${schema}`],
)

export const drops = oneOf(
  [4, sql`drop table ${ifExists}${anyTable}${cascade}`],
  [1, sql`drop table ${ifExists}${anyTable}, ${anyTable}${cascade}`],
  [1, sql`drop table ${ifExists}${oneOf([1, one('t, t', 'p, p1, p', 'u, public.u')])}${cascade}`],
  [1, sql`drop view ${ifExists}${anyView}, ${anyView}${cascade}`],
  [2, sql`drop view ${ifExists}${anyView}${cascade}`],
  [1, sql`drop materialized view ${ifExists}${anyView}${cascade}`],
  [1, sql`drop sequence ${ifExists}${anySequence}${cascade}`],
  [2, sql`drop ${one('type', 'domain')} ${ifExists}${anyType}${cascade}`],
  [1, sql`drop collation ${ifExists}${one('col', 'shop.col')}${cascade}`],
  [1, sql`drop operator ${ifExists}${one('===', 'shop.===')} (none, text)${cascade}`],
  [1, sql`drop aggregate ${ifExists}${function_} (int)${cascade}`],
)
