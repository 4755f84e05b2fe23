import { nameText, quoteName } from '../model/name.ts'
import type { Name } from '../model/name.ts'
import type { RuleContext } from './rule.ts'

/**
 * Whether the migration says itself that it takes something away at the right time: it declares `phase contract` and
 * holds at least one gate. That is how something is dropped here, so rules about dropping and renaming are silent.
 */
export function isPlannedContract(context: RuleContext): boolean {
  return context.migration.declaredPhase === 'contract' && context.migration.gates.length > 0
}

/** Whether the migration says that it is one step of a planned change: it names the change and its phase. */
export function isPlannedStep({ migration }: RuleContext): boolean {
  return migration.change !== undefined && migration.declaredPhase !== undefined
}

/** A migration file that takes something away behind a gate, to paste. `down` begins with its directive. */
export function contractFile(change: string, up: readonly string[], down: readonly string[]): string {
  const head = [`-- migrate:change ${change}`, '-- migrate:phase contract', '-- migrate:gate approval']
  return [...head, '', '-- migrate:up', ...up, '', ...down].join('\n')
}

/** A migration file that is cut into batches, to paste. */
export function backfillFile(table: Name, sql: string, context: RuleContext): string {
  const keys = [...(context.table(table)?.constraints.values() ?? [])].flatMap((constraint) =>
    constraint.type === 'primary-key' && constraint.columns.length === 1 ? constraint.columns : [],
  )
  return [
    '-- migrate:phase backfill',
    '',
    '-- migrate:up',
    `-- migrate:backfill table:${nameText(table)} key:${keys[0] ?? 'id'}`,
    `${sql};`,
    '',
    '-- migrate:down none because <reason>',
  ].join('\n')
}

/** A name for `migrate:change`: the table's and the column's letters and digits with hyphens between them. */
export function changeName(table: Name, ...words: readonly string[]): string {
  return [table.name, ...words]
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
}

/** `books.title`, quoted where needed. */
export function columnText(table: Name, column: string): string {
  return `${nameText(table)}.${quoteName(column)}`
}
