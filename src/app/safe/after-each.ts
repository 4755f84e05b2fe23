import { ToolkitError } from '../../core/errors.ts'
import { listOf } from '../../core/text.ts'
import { type Place, guardRefusal } from '../../run/place.ts'
import type { RunMigration } from '../../run/run-migration.ts'
import type { AfterEach } from '../../run/after-check.ts'
import type { UpInput } from '../../run/up.ts'
import type { Context } from '../context.ts'
import { majorOf } from '../target.ts'
import { healthCheck } from './health.ts'
import { unprovenDownRefusal } from './proven.ts'

/** What is asked after each migration; only with `safe` is anything taken back without a question. */
export function afterEach(
  context: Context,
  { connection, migrations, onEvent }: UpInput,
  { safe, place }: { readonly safe: boolean; readonly place: Place },
): AfterEach {
  const parse: AfterEach['parse'] = (sql) => context.dialect.parse(sql)
  if (!safe) return { parse }
  const isProven = unprovenDownRefusal(context, migrations, majorOf(connection), (message) =>
    onEvent?.({ kind: 'warning', message }),
  )
  return {
    parse,
    healthy: healthCheck(context),
    mayRevert: async (back) => {
      // Where the label has to be named for a downgrade by hand, it has to be for this one.
      const guarded = guardRefusal(place, `the downgrade of ${back.applied.id}`, 'may lose what was written since')
      if (guarded !== undefined) throw guarded
      if (back.migration !== undefined) refuseLosses(back.migration)
      await isProven(back)
    },
  }
}

/** Data that was there before the upgrade is not lost without anybody being asked; what it added holds nothing older. */
function refuseLosses(migration: RunMigration): void {
  const added = addedBy(migration)
  const lost = migration.downLoses.filter((loss) => !added.some((name) => isWithin(loss, name)))
  if (lost.length === 0) return
  throw new ToolkitError({
    code: 'downgrade-refused',
    message: `its downgrade is declared to lose ${listOf(lost)}, and nobody is there to say yes to that.`,
  })
}

/** `books`, `books.note`. */
function addedBy({ upSql }: RunMigration): readonly string[] {
  return upSql.statements.flatMap(({ facts }) =>
    facts.flatMap((fact) => {
      if (fact.kind === 'create-table' || fact.kind === 'create-table-as') return [fact.table.name]
      return fact.kind === 'add-column' ? [`${fact.table.name}.${fact.column.name}`] : []
    }),
  )
}

/** Whether `shop.books.note` is `books.note`, or in `books`. */
function isWithin(loss: string, name: string): boolean {
  const parts = loss.toLowerCase().split('.')
  const starts = parts.map((_, index) => parts.slice(index).join('.'))
  return starts.some((tail) => tail === name || tail.startsWith(`${name}.`))
}
