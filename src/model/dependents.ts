import type { Name } from './name.ts'
import type { Schema, View } from './schema.ts'

/** The views that read a relation, those that read these, and so on: what CASCADE takes along. Each once, nearest first. */
export function dependentViews(schema: Schema, relation: Name): readonly View[] {
  const found: View[] = []
  const waiting: Name[] = [relation]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const view of schema.viewsOn(next)) {
      if (found.includes(view)) continue
      found.push(view)
      waiting.push(view.name)
    }
  }
  return found
}
