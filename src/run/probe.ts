import { listOf } from '../core/text.ts'
import type { Connection } from '../model/database.ts'
import type { CreateIndex, Fact } from '../model/fact.ts'
import type { Reindex } from '../model/facts/indexes.ts'
import { type Name, nameText, quoteName } from '../model/name.ts'
import type { Statement } from '../model/statement.ts'

/**
 * What the catalogue says about a statement that was begun outside a transaction and has no result.
 * `repeat`: nothing is there, or running it twice does no harm; `clear` is SQL that must run first, one by one.
 * `finish`: other SQL ends what it began. `unknown`: the catalogue cannot tell.
 */
export type Finding =
  | { readonly found: 'done'; readonly what: string }
  | { readonly found: 'repeat'; readonly what: string; readonly clear?: readonly string[] }
  | { readonly found: 'finish'; readonly what: string; readonly sql: string }
  | { readonly found: 'unknown'; readonly what: string }

/** Looks for what a statement that was begun has left. */
export async function lookFor(connection: Connection, statement: Statement): Promise<Finding> {
  for (const fact of statement.facts) {
    if (fact.kind === 'create-index') return lookForIndex(connection, fact)
    if (fact.kind === 'drop-index') return lookForDropped(connection, fact.index)
    if (fact.kind === 'reindex' && fact.concurrently) return lookForRebuilt(connection, fact)
    if (fact.kind === 'detach-partition') return lookForDetached(connection, fact.table, fact.partition)
    if (fact.kind === 'dynamic-sql') return { found: 'unknown', what: 'what it calls may have done anything' }
    if (!repeatable.has(fact.kind)) return { found: 'unknown', what: `the catalogue does not tell for ${fact.kind}` }
  }
  return { found: 'repeat', what: 'running it twice does no harm' }
}

/** Kinds that end in the same state however often they run, or that the server refuses the second time. */
const repeatable: ReadonlySet<Fact['kind']> = new Set([
  'reindex',
  'attach-index',
  'move-index',
  'refresh-collation',
  'vacuum',
  'analyze',
  'cluster',
  'set-setting',
  'refresh-materialized-view',
  'create-object',
  'alter-object',
  'drop-object',
  'other-ddl',
  'add-enum-value',
] as const)

/** The state of an index of this name on this table; undefined when there is none. */
export async function indexState(
  connection: Connection,
  index: CreateIndex,
): Promise<{ name: string; valid: boolean } | undefined> {
  if (index.index === undefined) return undefined
  const { rows } = await connection.query<{ name: string; valid: boolean }>(
    `select format('%I.%I', n.nspname, c.relname) as name, i.indisvalid and i.indisready as valid
       from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
      where c.relname = $1 and i.indrelid = to_regclass($2)`,
    [index.index, nameText(index.table)],
  )
  return rows[0]
}

async function lookForIndex(connection: Connection, fact: CreateIndex): Promise<Finding> {
  if (fact.index === undefined) return { found: 'unknown', what: 'the index has no name of its own to look for' }
  const state = await indexState(connection, fact)
  const name = quoteName(fact.index)
  if (state === undefined) return { found: 'repeat', what: `index ${name} is not there` }
  if (state.valid) return { found: 'done', what: `index ${name} is there and valid` }
  return {
    found: 'repeat',
    what: `index ${name} was left INVALID; it is dropped and built again`,
    clear: [dropped(state.name)],
  }
}

/** A rebuild that stops leaves its new index, or the one it replaced, INVALID under a name of its own. */
async function lookForRebuilt(connection: Connection, { target, name }: Reindex): Promise<Finding> {
  const { rows } = await connection.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
       from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
      where not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$'
        and case $1 when 'index' then i.indrelid = (select indrelid from pg_index where indexrelid = to_regclass($2))
                    when 'table' then i.indrelid = to_regclass($2)
                                      or i.indrelid = (select reltoastrelid from pg_class where oid = to_regclass($2))
                    when 'schema' then n.nspname = $3
                    else true end
      order by 1`,
    [target, name === undefined ? null : nameText(name), name?.name ?? null],
  )
  if (rows.length === 0) return { found: 'repeat', what: 'nothing of the rebuild is left' }
  const names = rows.map((row) => row.name)
  return {
    found: 'repeat',
    what: `a rebuild left ${listOf(names)} INVALID; what it left is dropped, and it begins again`,
    clear: names.map(dropped),
  }
}

function dropped(index: string): string {
  return `drop index concurrently if exists ${index}`
}

async function lookForDropped(connection: Connection, index: Name): Promise<Finding> {
  const { rows } = await connection.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
    nameText(index),
  ])
  return rows[0]?.there === true
    ? { found: 'repeat', what: `index ${nameText(index)} is still there` }
    : { found: 'done', what: `index ${nameText(index)} is gone` }
}

async function lookForDetached(connection: Connection, table: Name, partition: Name): Promise<Finding> {
  const { rows } = await connection.query<{ pending: boolean }>(
    // The column is asked for through JSON because PostgreSQL 13 does not have it.
    `select coalesce((to_jsonb(i) ->> 'inhdetachpending')::bool, false) as pending
       from pg_inherits i where inhrelid = to_regclass($1) and inhparent = to_regclass($2)`,
    [nameText(partition), nameText(table)],
  )
  const [found] = rows
  if (found === undefined) return { found: 'done', what: `${nameText(partition)} is detached` }
  if (!found.pending) return { found: 'repeat', what: `${nameText(partition)} is still attached` }
  return {
    found: 'finish',
    what: `${nameText(partition)} is half detached`,
    sql: `alter table ${nameText(table)} detach partition ${nameText(partition)} finalize`,
  }
}
