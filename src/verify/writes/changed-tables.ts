import type { ParsedMigration } from '../../model/migration.ts'
import { touchedByFacts } from '../../model/touched.ts'
import { compare } from '../compare.ts'
import { bareName, touchedByDifferences } from '../differing.ts'
import type { Fingerprint } from '../fingerprint.ts'

/** Tables of the upgraded schema that the upgrade changed, or a type, index or sequence of theirs. */
export function changedTables({ upSql }: ParsedMigration, before: Fingerprint, after: Fingerprint): readonly string[] {
  const differences = compare(before, after)
  const touched = new Set([...touchedByFacts(upSql.statements), ...touchedByDifferences(differences)])
  const indexed = differences.flatMap(({ object }) => {
    const definition = (after.objects[object] ?? before.objects[object])?.['']?.['definition'] ?? ''
    const table = object.startsWith('index ') ? /\sON (?:ONLY )?(\S+)/.exec(definition)?.[1] : undefined
    return table === undefined ? [] : [table]
  })
  return Object.entries(after.objects).flatMap(([object, parts]) => {
    if (!object.startsWith('table ')) return []
    const name = object.slice('table '.length)
    const types = Object.values(parts).flatMap(({ type }) =>
      type === undefined ? [] : [bareName(type.replace(/\[\]$/, ''))],
    )
    const isChanged = touched.has(bareName(name)) || indexed.includes(name) || types.some((type) => touched.has(type))
    return isChanged ? [name] : []
  })
}
