import type { Table, Trigger } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'

export function removeTriggers(
  catalogue: Catalogue,
  table: Table | undefined,
  goes: (name: string, trigger: Trigger) => boolean,
): void {
  if (table === undefined) return
  const kept = [...table.triggers].filter(([name, trigger]) => !goes(name, trigger))
  if (kept.length < table.triggers.size) catalogue.updateTable(table, { triggers: new Map(kept) })
}
