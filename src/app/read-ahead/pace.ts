/** Migrations that the second thread may be ahead: what it has read waits in memory. */
const mostAhead = 400

/** How far ahead of the first thread the second goes on where it was overtaken: as many as that reads meanwhile. */
const lead = 8

/** How far the first of two threads has come in a history, and where that leads the second. Migrations are counted from 0. */
export class Pace {
  /** For the other thread. */
  readonly memory: SharedArrayBuffer
  readonly #cells: Int32Array

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory
    this.#cells = new Int32Array(memory)
  }

  /** The first thread is at this migration. */
  reach(index: number): void {
    if (index <= Atomics.load(this.#cells, 0)) return
    Atomics.store(this.#cells, 0, index)
    Atomics.notify(this.#cells, 0)
  }

  /** Where the second thread, which has read all before `next`, goes on; waits while that is too far ahead. */
  after(next: number): number {
    let reached = Atomics.load(this.#cells, 0)
    for (; next - reached > mostAhead; reached = Atomics.load(this.#cells, 0)) Atomics.wait(this.#cells, 0, reached)
    return next > reached ? next : reached + lead
  }
}
