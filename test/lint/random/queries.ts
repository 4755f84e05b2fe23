import {
  anyTable,
  anyType,
  column,
  condition,
  different,
  expression,
  function_,
  one,
  oneOf,
  present,
  source,
  sql,
  type,
  value,
} from './words.ts'

export const where = oneOf([2, one('')], [1, sql` where ${condition}`])
/** What a view or a table can be made of. */
export const query = oneOf(
  [3, sql`select ${different(column, 2)} from ${source}${where}`],
  [2, sql`select * from ${source}${where}`],
  [1, sql`select ${expression} as a from ${source}${where}`],
  [1, sql`select ${function_}('x') as a`],
  [1, sql`select one.a, two.b from ${source} one, ${source} two`],
  [1, sql`select ${column}::${anyType} as b from ${source}`],
  [1, sql`with w as (select ${column} from ${source}) select * from w`],
  [1, sql`select ${column} from ${source} where exists (select from ${source} two where two.${column} is null)`],
  [1, sql`select ${column} from ${source} union select ${column} from ${source}`],
  // A relation's own name stands for its whole row, where no column has it.
  [1, sql`select t from t${where}`],
  [1, sql`select one from ${source} one`],
  [1, sql`select one.*, two.b from ${source} one, ${source} two`],
  [1, sql`select count(one), one.a from ${source} one group by one.a`],
  [1, sql`select * from ${source} one join ${source} two using (${column})`],
  [1, sql`select two.*, one.${column} as d from ${source} one natural join ${source} two`],
  [
    1,
    sql`select coalesce(one.${column}, two.${column}), case when true then one.${column} end as b from ${source} one, ${source} two`,
  ],
  [1, sql`select q.* from (select ${column}, null as d, 'x' as e, 7 as f from ${source}) q(a)`],
  [
    1,
    sql`with recursive w as (select ${column}, 1 as n from ${source} union all select w.* from w where n < 0) table w`,
  ],
  [
    1,
    sql`select ${column}::${type} as a, (select max(${column}) from ${source}), (select ${column} from ${source} limit 1) as c from ${source}`,
  ],
  [1, sql`select * from (values (1, ${value}), (2, null)) as r(a, b)`],
  [1, sql`select g from generate_series(1, 2) g`],
)

/** Of no name that a table has too, so that none of them is a whole row. */
export const plainColumn = oneOf([1, one('a', 'b', 'c')], [4, present('column')])
/** Of which the history tells the types of the columns too: those of one table. */
export const copy = oneOf(
  [2, sql`select * from ${anyTable}${where}`],
  [3, sql`select ${different(plainColumn, 3)} from ${anyTable}${where}`],
  [1, sql`select one.* from ${anyTable} one`],
)
