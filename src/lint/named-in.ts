import type { Migration } from '../model/migration.ts'

/**
 * Which migrations may name something in their upgrades, told from the words of their texts, so that the others need not
 * be read: all that do, and some more. Made when somebody asks.
 */
export class NamedIn {
  private readonly migrations: readonly Migration[]
  private words: ReadonlyMap<string, readonly number[]> | undefined
  /** Those in which a name may stand in another way than as a word. */
  private readonly unsure: number[] = []

  constructor(migrations: readonly Migration[]) {
    this.migrations = migrations
  }

  /** Places of migrations from `start` up to `end`, without that, that may name all of `names`; oldest first. */
  between(start: number, end: number, names: readonly string[]): readonly number[] {
    if (start >= end) return []
    this.words ??= this.read()
    const { words } = this
    const lists = names.filter(isWord).map((name) => words.get(name) ?? [])
    const [shortest, ...others] = lists.toSorted((a, b) => a.length - b.length)
    if (shortest === undefined) return Array.from({ length: end - start }, (_, index) => start + index)
    const sets = others.map((list) => new Set(list.slice(firstFrom(list, start), firstFrom(list, end))))
    const named = shortest
      .slice(firstFrom(shortest, start), firstFrom(shortest, end))
      .filter((place) => sets.every((set) => set.has(place)))
    const unsure = this.unsure.slice(firstFrom(this.unsure, start), firstFrom(this.unsure, end))
    return unsure.length === 0 ? named : [...new Set([...named, ...unsure])].toSorted((a, b) => a - b)
  }

  private read(): ReadonlyMap<string, readonly number[]> {
    const words = new Map<string, number[]>()
    for (const [place, { up }] of this.migrations.entries()) {
      if (otherwise.test(up.sql)) this.unsure.push(place)
      for (const word of up.sql.toLowerCase().split(separator)) {
        const places = words.get(word)
        if (places === undefined) words.set(word, [place])
        else if (places.at(-1) !== place) places.push(place)
      }
    }
    return words
  }
}

/** Whether SQL writes a name as one word: in any case, and not so long that the server cuts it off. */
function isWord(name: string): boolean {
  return name.length < 60 && /^[a-z_][a-z0-9_]*$/.test(name)
}

const separator = /[^\w\u0080-\uffff]+/

/** Names by the numbers of their characters, with quotes inside, and in SQL that is put together. */
const otherwise = /u&"|""|\bexecute\b(?!\s+(?:function|procedure)\b)/i

/** The first place in an ascending list with a value of at least `least`, found by halving. */
function firstFrom(list: readonly number[], least: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle] ?? least) < least) low = middle + 1
    else high = middle
  }
  return low
}
