import { Lines } from './lines.ts'
import type { CaptureOptions, CaptureState } from './options.ts'
import { onProcessEnd } from './process-end.ts'
import { valueText } from './value-text.ts'

/** What a driver is about to send. */
export interface SentQuery {
  readonly text: string
  readonly values: readonly unknown[]
  /** Types as the driver declares them; absent: left to the server. */
  readonly types?: readonly (string | null)[]
}

const defaultMaxStatements = 10_000
/** Texts in memory together, in characters. */
const maxCharacters = 16_000_000

/** Remembers which statements were seen and writes down new ones. Whatever happens, nothing is thrown. */
export class Recorder {
  readonly #options: CaptureOptions
  readonly #lines: Lines | undefined
  readonly #seen = new Set<string>()
  #characters = 0
  #errors = 0
  #isOff: boolean
  #forget: () => void = () => undefined

  constructor(options: CaptureOptions) {
    this.#options = options
    const { file, release } = options
    this.#isOff = file === undefined || file === '' || release === undefined || release === ''
    if (file === undefined || this.#isOff) return
    this.#lines = new Lines(file, (error) => this.failed(error))
    this.#lines.add(headerOf(release))
    // At once, so that a file that cannot be written is told when the application starts.
    this.#lines.flush()
    this.#forget = onProcessEnd(() => this.flush())
  }

  get state(): CaptureState {
    return { statements: this.#seen.size, errors: this.#errors, active: !this.#isOff }
  }

  /** `read` is only called for a text that was not seen: all others cost one look into a set. */
  sent(given: unknown, read: () => Omit<SentQuery, 'text'>): void {
    if (this.#isOff || typeof given !== 'string' || given === '') return
    const text = given.endsWith('*/') ? withoutTrace(given) : given
    if (this.#seen.has(text)) return
    try {
      this.#remember(text)
      if (!this.#isOff && !isControl.test(text)) this.#write({ text, ...read() })
    } catch (error) {
      this.failed(error)
    }
  }

  flush(): void {
    this.#lines?.flush()
  }

  /** Writes what waits and takes nothing more. */
  close(): void {
    this.flush()
    this.#isOff = true
    this.#forget()
  }

  /** Counts what went wrong; the first time it is said. */
  failed(error: unknown): void {
    this.#errors += 1
    if (this.#errors === 1)
      this.#warn(`queries cannot be captured: ${error instanceof Error ? error.message : String(error)}`)
  }

  #remember(text: string): void {
    const max = this.#options.maxStatements ?? defaultMaxStatements
    if (this.#seen.size < max && this.#characters + text.length <= maxCharacters) {
      this.#seen.add(text)
      this.#characters += text.length
      return
    }
    this.close()
    this.#warn(
      `${this.#seen.size} distinct statements were captured, which is the most that is kept; further ones are not`,
    )
  }

  #write({ text, values, types }: SentQuery): void {
    const count = Math.max(values.length, types?.length ?? 0)
    const parameters = Array.from({ length: count }, (_, index) => {
      const value = this.#options.values === true ? valueText(values[index]) : undefined
      return { type: types?.[index] ?? null, ...(value === undefined ? {} : { values: [value] }) }
    })
    this.#lines?.add({ sql: text, parameters, calls: null, from: 'hook' })
  }

  #warn(message: string): void {
    try {
      const { onWarning } = this.#options
      if (onWarning === undefined) process.emitWarning(message, 'LockstepCapture')
      else onWarning(message)
    } catch {
      // Who warns must not fail the application either.
    }
  }
}

/** Transactions and settings: no queries, and sent all the time. */
const isControl =
  /^\s*(?:begin|start\s+transaction|commit|end|rollback|savepoint|release|set|reset|show|discard|listen|unlisten|notify|deallocate)\b[^;]*;?\s*$/i

/** Tracing adds a comment that is another one for each call. */
function withoutTrace(text: string): string {
  return text.replace(/\s*\/\*(?:(?!\*\/)[\s\S])*traceparent(?:(?!\*\/)[\s\S])*\*\/$/, '')
}

function headerOf(release: string | undefined): object {
  return { lockstep: 'queries', version: 1, release, migration: null, role: null, searchPath: null, source: ['hook'] }
}
