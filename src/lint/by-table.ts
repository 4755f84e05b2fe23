/** Something that one migration of a history does. */
interface Placed {
  /** The place of the migration in its history. */
  readonly index: number
}

/**
 * What migrations do to tables. They are looked into from the newest back, once each and only as far as somebody asks:
 * who works on the newest migration need not know what all others do.
 */
export class ByTable<One extends Placed> {
  /** Newest first. */
  private readonly lists: Map<string, One[]> = new Map()
  private readonly place: (index: number, add: (table: string, one: One) => void) => void
  private next: number

  /** `place` adds what the migration at `index` does, the last first. */
  constructor(count: number, place: (index: number, add: (table: string, one: One) => void) => void) {
    this.next = count - 1
    this.place = place
  }

  /** The first that a migration after `index` does. */
  firstAfter(table: string, index: number): One | undefined {
    const list = this.listOf(table, index + 1)
    return list[countAfter(list, index) - 1]
  }

  private listOf(table: string, oldest: number): readonly One[] {
    for (; this.next >= oldest; this.next -= 1) this.place(this.next, (name, one) => this.add(name, one))
    return this.lists.get(table) ?? []
  }

  private add(table: string, one: One): void {
    const list = this.lists.get(table)
    if (list === undefined) this.lists.set(table, [one])
    else list.push(one)
  }
}

/** How many come after `index`, found by halving. */
function countAfter(list: readonly Placed[], index: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle]?.index ?? -1) > index) low = middle + 1
    else high = middle
  }
  return low
}
