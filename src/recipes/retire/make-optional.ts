import type { CheckConstraint } from '../../model/constraint.ts'
import type { Name } from '../../model/name.ts'
import { quoteName } from '../../model/name.ts'
import type { SqlStep } from '../../model/plan.ts'
import type { Column, Table } from '../../model/schema.ts'
import { allowing, alterColumn, alterTable, dropConstraint, lines } from '../dual-column/sql.ts'

type NamedCheck = CheckConstraint & { readonly name: string }

/** What the new version leaves out must not be asked of it; undefined where nothing asks for it. */
export function makeOptional(at: Name, table: Table, column: Column, fill: string | undefined): SqlStep | undefined {
  const checks = provingNotNull(table, column)
  const hasValue =
    column.identity !== undefined ||
    column.generated !== undefined ||
    (column.default !== undefined && !column.default.isNull)
  if (hasValue || (!column.notNull && checks.length === 0)) return undefined
  const name = quoteName(column.name)
  const base = {
    kind: 'sql',
    id: 'make-optional',
    phase: 'expand',
    transaction: true,
    lock: 'ACCESS EXCLUSIVE',
    holds: 'moment',
    gates: [],
  } as const
  if (fill !== undefined) {
    return {
      ...base,
      title: `Give ${name} a default`,
      why: 'The new version leaves the column out, and the version before it still finds a value in every row.',
      up: alterColumn(at, column.name, `set default ${fill}`),
      down: { kind: 'sql', sql: alterColumn(at, column.name, 'drop default'), loses: [] },
    }
  }
  return {
    ...base,
    title: `Let rows be without ${name}`,
    why: 'The new version leaves the column out. With --fill and an SQL expression the column gets a default instead, and the downgrade works whatever was written meanwhile; without, it refuses as long as there are rows without a value.',
    allows: [
      {
        rule: 'drop-not-null',
        reason: 'the version that runs writes a value into every row, and only the next one reads none',
      },
    ],
    up: lines(
      checks.map(({ name: check }) => dropConstraint(at, check)),
      column.notNull ? alterColumn(at, column.name, 'drop not null') : [],
    ),
    down: { kind: 'sql', sql: lines(required(at, column, checks)), loses: [] },
  }
}

const refusesWhole = 'rows may have been written without a value, and then the way back has to refuse as a whole'

/** A value in every row again. */
function required(at: Name, column: Column, checks: readonly NamedCheck[]): readonly string[] {
  const notNull = alterColumn(at, column.name, 'set not null')
  return [
    ...checks.map(({ name, expression }) => {
      const check = alterTable(at, `add constraint ${quoteName(name)} check (${expression.sql})`)
      return allowing('add-check-validated', refusesWhole, check)
    }),
    // A valid check proves it without another scan.
    ...(column.notNull
      ? [checks.length > 0 ? notNull : allowing('set-not-null-without-check', refusesWhole, notNull)]
      : []),
  ]
}

function provingNotNull(table: Table, { name }: Column): readonly NamedCheck[] {
  return [...table.constraints.values()].flatMap((one) =>
    one.type === 'check' && one.expression.provesNotNull.includes(name) ? [one] : [],
  )
}
