import { messageOf } from '../../core/errors.ts'
import type { Connection } from '../../model/database.ts'
import { type SeedStyle, poolOf, rowsPerTable } from './pool.ts'
import { type Pools, type RowSource, filledColumns, rowSource } from './row-source.ts'
import type { SeedTable } from './tables.ts'

/** What became of a table: how many rows it got, or why it stays empty. */
export interface Filling {
  readonly rows: number
  readonly reason: string
}

/** A table that refuses its first rows whatever is in them will refuse the others too. */
const refusalsBeforeGivingUp = 20

/**
 * Fills one table inside an open transaction: with one statement where the server takes the rows as they are, else row
 * by row, which leaves out those that are refused.
 */
export async function fillTable(
  connection: Connection,
  table: SeedTable,
  style: SeedStyle,
  isFilled: (name: string) => boolean,
): Promise<Filling> {
  if (table.columns.length === 0) return insertDefaults(connection, table)
  const styles: readonly SeedStyle[] = style === 'varied' ? ['varied', 'plain'] : ['plain']
  let reason = ''
  for (const tried of styles) {
    const source = await sourceOf(connection, table, tried, isFilled)
    const done = await insertAll(connection, table, source)
    if (done.rows > 0) return done
    reason = done.reason
  }
  // Nothing was refused, but checks and keys let no row through: the server says which, when it is asked for one.
  const [first = 'varied'] = styles
  const open = { ...table, conditions: [] }
  const single = await insertEach(connection, table, await sourceOf(connection, open, first, isFilled))
  if (single.rows > 0 || single.reason !== '') return single
  return { rows: 0, reason: reason === '' ? unmetKeys(table, isFilled) : reason }
}

async function sourceOf(
  connection: Connection,
  table: SeedTable,
  style: SeedStyle,
  isFilled: (name: string) => boolean,
): Promise<RowSource> {
  const pools = await poolsOf(connection, table, style)
  return rowSource(table, filledColumns(table, pools, style), pools, style, isFilled)
}

async function poolsOf(connection: Connection, table: SeedTable, style: SeedStyle): Promise<Pools> {
  const pools = new Map<string, readonly string[]>()
  for (const column of table.columns) pools.set(column.name, await poolOf(connection, column, style))
  return pools
}

async function insertAll(connection: Connection, table: SeedTable, source: RowSource): Promise<Filling> {
  if (source.columns.length === 0) return insertDefaults(connection, table)
  const insert = `insert into ${table.name} (${source.columns.join(', ')}) ${source.sql} on conflict do nothing`
  return guarded(connection, async () => (await connection.query(insert)).count)
}

function insertDefaults(connection: Connection, table: SeedTable): Promise<Filling> {
  const columns = table.columns[0] === undefined ? '' : ` (${table.columns[0].name})`
  const insert =
    columns === ''
      ? `insert into ${table.name} select from generate_series(1, ${rowsPerTable})`
      : `insert into ${table.name} default values`
  return guarded(connection, async () => (await connection.query(insert)).count)
}

async function insertEach(connection: Connection, table: SeedTable, source: RowSource): Promise<Filling> {
  if (source.columns.length === 0) return { rows: 0, reason: '' }
  const values = source.columns.map((column) => `seed_values.${column}`).join(', ')
  // The rows that are offered are read to the end first: a trigger may look at the table.
  const block = `do $seed$
    declare
      seed_values record; seed_rows int := 0; seed_refused int := 0; seed_reason text := '';
    begin
      for seed_values in ${source.sql} loop
        begin
          insert into ${table.name} (${source.columns.join(', ')}) values (${values});
          seed_rows := seed_rows + 1;
        exception when others then
          seed_refused := seed_refused + 1; seed_reason := sqlerrm;
        end;
        exit when seed_rows = 0 and seed_refused = ${refusalsBeforeGivingUp};
      end loop;
      perform set_config('lockstep.seed', jsonb_build_object('rows', seed_rows, 'reason', seed_reason)::text, true);
    end $seed$`
  let outcome: Filling = { rows: 0, reason: '' }
  const ran = await guarded(connection, async () => {
    await connection.run(block)
    const { rows } = await connection.query<{ outcome: Filling }>(
      `select current_setting('lockstep.seed')::jsonb as outcome`,
    )
    outcome = rows[0]?.outcome ?? outcome
    return outcome.rows
  })
  return ran.reason === '' ? outcome : ran
}

/** Runs inside a savepoint, so that a refusal costs only this table. */
async function guarded(connection: Connection, run: () => Promise<number>): Promise<Filling> {
  await connection.run('savepoint seed')
  try {
    const rows = await run()
    await connection.run('release savepoint seed')
    return { rows, reason: '' }
  } catch (error) {
    await connection.run('rollback to savepoint seed; release savepoint seed')
    return { rows: 0, reason: messageOf(error) }
  }
}

function unmetKeys(table: SeedTable, isFilled: (name: string) => boolean): string {
  const key = table.foreignKeys.find(({ references }) => references !== table.name && !isFilled(references))
  if (key === undefined) return 'no row could be made up that its checks and keys accept'
  return `its key to ${key.references} cannot be met, because that has no rows`
}
