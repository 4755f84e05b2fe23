import { messageOf } from '../../core/errors.ts'
import type { Connection } from '../../model/database.ts'
import { type SeedStyle, poolOf } from './pool.ts'
import { rowSource } from './row-source.ts'
import type { SeedColumn, SeedTable } from './tables.ts'

/**
 * Gives the rows that are in a table new values in some columns, inside an open transaction. A table that refuses them
 * keeps what it has.
 *
 * @returns why the table refused; empty when it did not
 */
export async function refill(
  connection: Connection,
  table: SeedTable,
  columns: readonly SeedColumn[],
  style: SeedStyle,
  isFilled: (name: string) => boolean,
): Promise<string> {
  const pools = new Map<string, readonly string[]>()
  for (const column of columns) pools.set(column.name, await poolOf(connection, column, style))
  const filled = columns.filter(
    ({ name, always }) => !always && (isKey(table, name) || (pools.get(name) ?? []).length > 0),
  )
  if (filled.length === 0) return ''
  const bare = { ...table, conditions: [] }
  const { sql } = rowSource(bare, filled, pools, style, isFilled)
  const names = filled.map(({ name }) => name)
  const kept = table.columns.map(({ name }) => name).filter((name) => !names.includes(name))
  const conditions = table.conditions.map((condition) => `(${condition}) is not false`)
  const row = [...kept.map((name) => `t.${name}`), ...names.map((name) => `s.${name}`)].join(', ')
  const update = `
    with numbered as (select tableoid as seed_table, ctid as seed_row, row_number() over (order by tableoid, ctid) as seed_place${kept.map((name) => `, ${name}`).join('')} from ${table.name}),
    given as (select *, row_number() over () as seed_place, count(*) over () as seed_total from (${sql}) g),
    chosen as (select t.seed_table, t.seed_row${row === '' ? '' : `, ${row}`} from numbered t join given s on s.seed_place = (t.seed_place - 1) % s.seed_total + 1)
    update ${table.name} u set ${names.map((name) => `${name} = c.${name}`).join(', ')}
      from (select * from chosen${conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`}) c
     where u.tableoid = c.seed_table and u.ctid = c.seed_row`
  await connection.run('savepoint seed')
  try {
    await connection.query(update)
    await connection.run('release savepoint seed')
    return ''
  } catch (error) {
    await connection.run('rollback to savepoint seed; release savepoint seed')
    return messageOf(error)
  }
}

function isKey(table: SeedTable, name: string): boolean {
  return table.foreignKeys.some(({ columns }) => columns.includes(name))
}
