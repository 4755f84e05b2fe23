import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** How long a new statement may wait to be written. */
const holdBackMs = 500

/** Lines that are added to a file: held back for a moment, and written whole, so that processes can share the file. */
export class Lines {
  readonly #file: string
  readonly #onError: (error: unknown) => void
  #waiting: string[] = []
  #timer: NodeJS.Timeout | undefined
  #isMade = false

  constructor(file: string, onError: (error: unknown) => void) {
    this.#file = file
    this.#onError = onError
  }

  add(line: object): void {
    this.#waiting.push(`${JSON.stringify(line)}\n`)
    // Must not keep a process alive that has nothing else to do.
    this.#timer ??= setTimeout(() => this.flush(), holdBackMs).unref()
  }

  /** Writes what waits. At once, for a process that ends has no later. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const text = this.#waiting.join('')
    this.#waiting = []
    if (text === '') return
    try {
      if (!this.#isMade) mkdirSync(dirname(this.#file), { recursive: true })
      this.#isMade = true
      appendFileSync(this.#file, text)
    } catch (error) {
      this.#onError(error)
    }
  }
}
