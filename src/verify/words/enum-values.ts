/** What became of the values of an enum: `value 'sent' added after 'paid'`. */
export function enumDifference(was: string, is: string): string {
  const old = valuesOf(was)
  const now = valuesOf(is)
  const added = now.filter((value) => !old.includes(value))
  const removed = old.filter((value) => !now.includes(value))
  const keptBefore = old.filter((value) => now.includes(value))
  const keptAfter = now.filter((value) => old.includes(value))
  const parts = renamed(old, now, added, removed) ?? [
    ...added.map((value) => `value ${value} added ${placeOf(value, now)}`),
    ...removed.map((value) => `value ${value} removed`),
  ]
  const reordered = keptBefore.join() === keptAfter.join() ? [] : [`order of values ${was} → ${is}`]
  return [...parts, ...reordered].join(', ')
}

/** As many values at the same places, some with another name. */
function renamed(
  old: readonly string[],
  now: readonly string[],
  added: readonly string[],
  removed: readonly string[],
): readonly string[] | undefined {
  const places = [...old.keys()].filter((place) => old[place] !== now[place])
  const isRenamed = old.length === now.length && places.length === added.length && added.length === removed.length
  return isRenamed ? places.map((place) => `value ${old[place]} is now ${now[place]}`) : undefined
}

function placeOf(value: string, all: readonly string[]): string {
  const place = all.indexOf(value)
  return place === 0 ? (all.length === 1 ? 'as the only one' : `before ${all[1]}`) : `after ${all[place - 1]}`
}

/** The list is of literals, separated by a comma and a space. */
function valuesOf(text: string): readonly string[] {
  return [...text.matchAll(/E?'(?:[^']|'')*'/g)].map(([value]) => value)
}
