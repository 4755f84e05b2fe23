import type { Fact } from '../model/fact.ts'
import type { ParsedMigration } from '../model/migration.ts'
import type { Name } from '../model/name.ts'
import type { RuleContext } from './rule.ts'
import { sameName } from './same-name.ts'

interface Placed {
  readonly index: number
  readonly fact: Fact & { readonly table: Name }
}

/** Made once a history: asking every later file again for each fact would cost the square of their number. */
const byHistory = new WeakMap<readonly ParsedMigration[], ReadonlyMap<string, readonly Placed[]>>()

/**
 * What upgrades after this one, in the files as they lie there, do to a table of this name. Renamed tables are not
 * followed.
 */
export function laterOnTable(table: Name, context: RuleContext): readonly (Fact & { readonly table: Name })[] {
  const { migrations, index } = context.history
  return (factsByTable(migrations).get(table.name) ?? [])
    .filter((placed) => placed.index > index && sameName(context.schema, placed.fact.table, table))
    .map(({ fact }) => fact)
}

function factsByTable(migrations: readonly ParsedMigration[]): ReadonlyMap<string, readonly Placed[]> {
  const known = byHistory.get(migrations)
  if (known !== undefined) return known
  const facts = new Map<string, Placed[]>()
  migrations.forEach((migration, index) => {
    for (const statement of migration.upSql.statements) {
      for (const fact of statement.facts) {
        if (!hasTable(fact)) continue
        const list = facts.get(fact.table.name)
        if (list === undefined) facts.set(fact.table.name, [{ index, fact }])
        else list.push({ index, fact })
      }
    }
  })
  byHistory.set(migrations, facts)
  return facts
}

function hasTable(fact: Fact): fact is Fact & { readonly table: Name } {
  return 'table' in fact && fact.table !== undefined
}
