import type { SetColumnType } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { TypeName } from '../../model/type.ts'
import { constraintName } from '../constraint-sql.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

/** What happens to values that do not fit: the statement fails, or they are changed without a word. */
type Loss = 'refused' | 'cut'

export const narrowColumnType: Rule = defineRule({
  id: 'narrow-column-type',
  summary: 'A narrower type refuses the values that do not fit any more, or rounds and cuts them for good.',
  severity: 'error',
  hazards: ['fails', 'loses-data'],
  looksAt: ['set-column-type'],
  sources: [
    'migrationpilot:MP044',
    'lockstep:narrow-column-type',
    'strong_migrations:change_column',
    'online_migrations:change_column',
  ],
  why: `A value too long for the new varchar or too large for the new integer makes the statement fail, after it has written the table up to there under ACCESS EXCLUSIVE; that is a warning, since only the data can tell. Fewer digits behind the point, fewer digits of a second, and a cast to a shorter varchar in USING round or cut every value silently, and no downgrade brings back what is gone: that is an error. A USING that computes something says how values are to be fitted, so the rule is silent about it.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title varchar(200), price numeric(10,4));',
      bad: 'alter table books alter column price type numeric(10,2);',
      good: [
        'alter table books add constraint books_price_cents check (price = round(price, 2)) not valid;',
        'alter table books validate constraint books_price_cents;',
      ],
    },
    {
      given: 'create table books (id bigint primary key, title varchar(200), pages bigint);',
      bad: 'alter table books alter column pages type int;',
      good: [
        'alter table books add constraint books_pages_fit check (pages between 0 and 32767) not valid;',
        'alter table books validate constraint books_pages_fit;',
      ],
    },
    {
      given: 'create table books (id bigint primary key, title varchar(200));',
      bad: 'alter table books alter column title type varchar(20) using title::varchar(20);',
      good: 'alter table books alter column title type varchar(300) using title::varchar(300);',
    },
  ],
  *check(change, context) {
    if (isPrivate(change.table, context)) return
    const from = context.column(change.table, change.column)?.type
    const loss = from === undefined ? undefined : lossOf(from, change)
    if (from === undefined || loss === undefined) return
    const column = columnText(change.table, change.column)
    const step = `${column} from ${from.sql} to ${change.type.sql}`
    yield {
      at: change.span,
      severity: loss === 'cut' ? 'error' : 'warning',
      message:
        loss === 'cut'
          ? `Changing ${step} rounds or cuts the values that do not fit, and what is gone cannot be had back.`
          : `Changing ${step} fails when one value does not fit.`,
      instead: insteadOf(change),
    }
  },
})

function lossOf(from: TypeName, { type: to, using }: SetColumnType): Loss | undefined {
  if (from.array || to.array || (using !== undefined && using.casts === undefined)) return undefined
  const narrower = narrowing(from, to)
  // A cast that is written out cuts a text where the assignment would refuse it.
  return narrower === 'refused' && isText(to) && using?.casts !== undefined && using.casts.length > 0 ? 'cut' : narrower
}

function narrowing(from: TypeName, to: TypeName): Loss | undefined {
  const [fromWidth, toWidth] = [widths[from.name], widths[to.name]]
  if (fromWidth !== undefined && toWidth !== undefined) return toWidth < fromWidth ? 'refused' : undefined
  if (isText(to) && isText(from)) return shorter(from.modifiers[0], to.modifiers[0]) ? 'refused' : undefined
  if (fractional.has(from.name) && toWidth !== undefined) return 'cut'
  if (from.name !== to.name) return undefined
  if (from.name === 'numeric') return numericLoss(from.modifiers, to.modifiers)
  return timed.has(from.name) && shorter(from.modifiers[0] ?? digitsOfSecond, to.modifiers[0]) ? 'cut' : undefined
}

/** `numeric(10, 4)`: a smaller scale rounds, fewer digits before the point refuse. */
function numericLoss(from: readonly number[], to: readonly number[]): Loss | undefined {
  const [toPrecision, toScale = 0] = to
  if (toPrecision === undefined) return undefined
  const [fromPrecision, fromScale = 0] = from
  if (fromPrecision === undefined || toScale < fromScale) return 'cut'
  return toPrecision - toScale < fromPrecision - fromScale ? 'refused' : undefined
}

function shorter(from: number | undefined, to: number | undefined): boolean {
  return to !== undefined && (from === undefined || to < from)
}

function isText({ name }: TypeName): boolean {
  return name === 'text' || name === 'character varying'
}

const widths: Readonly<Record<string, number>> = { smallint: 2, integer: 4, bigint: 8 }
const fractional: ReadonlySet<string> = new Set(['numeric', 'real', 'double precision'])
const timed: ReadonlySet<string> = new Set([
  'timestamp without time zone',
  'timestamp with time zone',
  'time without time zone',
])
/** Digits of a second that a type without a precision keeps. */
const digitsOfSecond = 6

function insteadOf(change: SetColumnType): string {
  const table = nameText(change.table)
  const check = quoteName(constraintName(change.table, [change.column, 'fits'], 'check'))
  return [
    '-- keep the wider type and forbid what must not be written any more:',
    `alter table ${table} add constraint ${check} check (…) not valid;`,
    '-- in the next migration, which fails without harm where a value does not fit:',
    `alter table ${table} validate constraint ${check};`,
  ].join('\n')
}
