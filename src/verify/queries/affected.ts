import type { Connection } from '../../model/database.ts'
import type { Fact } from '../../model/fact.ts'
import { touchedByFacts } from '../../model/touched.ts'
import type { Statement } from '../../model/statement.ts'
import { type Piece, relationsOf } from './pieces.ts'

/** What a migration may change the meaning of. `everything`: its statements do not tell. */
export type Affected = 'everything' | ReadonlySet<string>

/** Facts whose objects have names that `touchedByFacts` tells, or that change nothing that a query could notice. */
const tellsItsNames: ReadonlySet<Fact['kind']> = new Set<Fact['kind']>([
  'create-table', 'create-table-as', 'drop-table', 'rename-table', 'change-table', 'add-column', 'drop-column',
  'rename-column', 'set-column-type', 'set-not-null', 'drop-not-null', 'set-default', 'drop-default', 'change-identity',
  'change-generated', 'change-column', 'add-constraint', 'validate-constraint', 'drop-constraint', 'rename-constraint',
  'alter-constraint', 'attach-partition', 'detach-partition', 'create-index', 'attach-index', 'drop-index', 'reindex',
  'move-index', 'create-view', 'drop-view', 'refresh-materialized-view', 'create-type', 'add-enum-value',
  'rename-enum-value',
  'alter-type', 'create-domain', 'alter-domain', 'create-function', 'alter-function', 'create-trigger',
  'set-trigger-state', 'create-sequence', 'alter-sequence', 'create-policy', 'create-rule', 'comment', 'truncate',
  'insert', 'update', 'delete', 'merge', 'copy', 'lock-table', 'set-setting', 'transaction', 'vacuum', 'analyze',
]) // prettier-ignore

/** Objects that have the name of what a query names, or of something that depends on it. */
const namedObjects: ReadonlySet<string> = new Set([
  'table', 'view', 'materialized-view', 'index', 'sequence', 'function', 'procedure', 'aggregate', 'type', 'domain',
  'trigger', 'policy', 'rule', 'constraint', 'column', 'foreign-table', 'statistics',
]) // prettier-ignore

function tells(fact: Fact): boolean {
  switch (fact.kind) {
    case 'select':
      return fact.functions.length === 0
    case 'grant':
      return !fact.allInSchema && namedObjects.has(fact.object)
    case 'drop-object':
    case 'rename-object':
      return namedObjects.has(fact.object)
    case 'create-object':
      return fact.object === 'statistics'
    default:
      return tellsItsNames.has(fact.kind)
  }
}

/** Names that statements say they change; `everything` where one of them may change more than it names. */
export function namedBy(statements: readonly Statement[]): Affected {
  const facts = statements.flatMap(({ facts: all }) => all)
  return facts.every(tells) ? touchedByFacts(statements) : 'everything'
}

/**
 * What depends on objects of these names, by bare name, themselves included: views, functions that mention them, tables
 * whose columns, triggers, policies or rules use them, tables tied to them by foreign keys.
 */
export async function affectedBy(connection: Connection, names: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  let known = new Set(names)
  // A function that mentions a function that mentions a name: each round finds one more.
  for (;;) {
    const { rows } = await connection.query<{ name: string }>(affectedQuery, [[...known], [...names]])
    const found = new Set([...known, ...rows.map(({ name }) => name)])
    if (found.size === known.size) return found
    known = found
  }
}

/** Whether a statement names something that is affected; one that could not be read may name anything. */
export function isAffected(piece: Piece, affected: Affected): boolean {
  if (piece.kind === 'session') return false
  if (affected === 'everything' || piece.facts.length === 0) return true
  const { functions, types } = piece.shape
  return [...relationsOf(piece).map(({ name }) => name), ...functions, ...types].some((name) => affected.has(name))
}

/** Bodies are texts: a name in one counts wherever it stands; what a body puts together at run time may be any name. */
const affectedQuery = `
  with recursive
  own_function as (
    select p.oid, p.proname, p.prosrc || coalesce(pg_get_function_sqlbody(p.oid), '') as body, l.lanname
      from pg_proc p join pg_language l on l.oid = p.prolang join pg_namespace n on n.oid = p.pronamespace
     where n.nspname <> 'information_schema' and n.nspname !~ '^pg_' and p.prokind <> 'a'
       and not exists (select from pg_depend e where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype = 'e')),
  named (oid) as (
    select case when i.indrelid is null then c.oid else i.indrelid end from pg_class c left join pg_index i on i.indexrelid = c.oid
     where c.relname = any ($2::text[]) and c.relnamespace <> 'pg_catalog'::regnamespace),
  start (class, oid) as (
    select 'pg_class'::regclass::oid, case when i.indrelid is null then c.oid else i.indrelid end
      from pg_class c left join pg_index i on i.indexrelid = c.oid where c.relname = any ($1::text[]) and c.relnamespace <> 'pg_catalog'::regnamespace
    union select 'pg_proc'::regclass, oid from pg_proc where proname = any ($1::text[])
    union select 'pg_type'::regclass, oid from pg_type where typname = any ($1::text[])
    union select 'pg_proc'::regclass, oid from own_function
     where lanname not in ('sql', 'plpgsql') or strpos(lower(body), 'execute') > 0 and body ~* '\\mexecute\\M'
        or exists (select from unnest($1::text[]) w
                    where strpos(body, w) > 0 and (w !~ '^[a-z_0-9]+$' or w = any (regexp_split_to_array(body, '[^[:alnum:]_$]+'))))),
  reached (class, oid) as (
    select class, oid from start
    union
    select o.class, o.oid
      from reached r join pg_depend d on d.refclassid = r.class and d.refobjid = r.oid and d.deptype in ('n', 'a', 'i')
      cross join lateral (
        select 'pg_class'::regclass::oid, ev_class from pg_rewrite where d.classid = 'pg_rewrite'::regclass and oid = d.objid
        union all select 'pg_class'::regclass, conrelid from pg_constraint where d.classid = 'pg_constraint'::regclass and oid = d.objid and contype <> 'f' and conrelid <> 0
        union all select 'pg_type'::regclass, contypid from pg_constraint where d.classid = 'pg_constraint'::regclass and oid = d.objid and contypid <> 0
        union all select 'pg_class'::regclass, tgrelid from pg_trigger where d.classid = 'pg_trigger'::regclass and oid = d.objid
        union all select 'pg_class'::regclass, adrelid from pg_attrdef where d.classid = 'pg_attrdef'::regclass and oid = d.objid
        union all select 'pg_class'::regclass, polrelid from pg_policy where d.classid = 'pg_policy'::regclass and oid = d.objid
        union all select d.classid, d.objid where d.classid in ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass)
      ) o (class, oid)),
  tied (oid) as (
    select oid from named
    union select k.confrelid from tied t join pg_constraint k on k.conrelid = t.oid and k.contype = 'f')
  select c.relname::text as name from reached r join pg_class c on r.class = 'pg_class'::regclass and c.oid = r.oid
  union select p.proname::text from reached r join pg_proc p on r.class = 'pg_proc'::regclass and p.oid = r.oid
  union select t.typname::text from reached r join pg_type t on r.class = 'pg_type'::regclass and t.oid = r.oid
  union select c.relname::text from tied t join pg_class c on c.oid = t.oid
  union select c.relname::text from named s join pg_constraint k on k.confrelid = s.oid and k.contype = 'f' join pg_class c on c.oid = k.conrelid`
