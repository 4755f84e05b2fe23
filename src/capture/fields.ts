import { ToolkitError } from '../core/errors.ts'
import { parseJson } from '../core/json.ts'
import type { Place } from '../core/span.ts'
import { suggestion } from '../core/text.ts'

/** A line of a file as the object it must be, and what may be read from it. */
export class Fields {
  readonly #value: object
  readonly #at: Place

  /** @throws ToolkitError `queries-invalid` where it has a field that is not among `known` */
  constructor(value: unknown, at: Place, known: readonly string[]) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw invalid(at, 'it is not a JSON object')
    this.#value = value
    this.#at = at
    const unknown = Object.keys(value).find((key) => !known.includes(key))
    if (unknown !== undefined) throw invalid(at, `it has an unknown field "${unknown}"`, suggestion(unknown, known))
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#value, name)
  }

  raw(name: string): unknown {
    return Reflect.get(this.#value, name)
  }

  text(name: string): string {
    const value = this.raw(name)
    if (typeof value === 'string' && value !== '') return value
    throw this.wrong(name, 'a text that is not empty')
  }

  textOrNull(name: string): string | null {
    const value = this.raw(name)
    if (value === null || typeof value === 'string') return value
    throw this.wrong(name, 'a text or null')
  }

  countOrNull(name: string): number | null {
    const value = this.raw(name)
    if (value === null) return null
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
    throw this.wrong(name, 'a whole number or null')
  }

  list(name: string): readonly unknown[] {
    const value = this.raw(name)
    if (Array.isArray(value)) return value
    throw this.wrong(name, 'a list')
  }

  texts(name: string): readonly string[] {
    return this.list(name).map((one) => {
      if (typeof one === 'string') return one
      throw this.wrong(name, 'a list of texts')
    })
  }

  wrong(name: string, form: string): ToolkitError {
    return invalid(this.#at, this.has(name) ? `"${name}" is not ${form}` : `it lacks "${name}", ${form}`)
  }
}

/** @throws ToolkitError `queries-invalid` for a line that is no JSON */
export function valueOfLine(line: string, at: Place): unknown {
  try {
    return parseJson(line)
  } catch (error) {
    throw invalid(at, 'it is not JSON', defaultHint, error)
  }
}

const defaultHint = 'Write the file anew with "migrate queries capture", or take it out of the directory.'

export function invalid(at: Place, why: string, hint: string = defaultHint, cause?: unknown): ToolkitError {
  return new ToolkitError({
    code: 'queries-invalid',
    message: `Line ${at.line} of the captured queries "${at.path}" cannot be used: ${why}.`,
    hint,
    at,
    cause,
  })
}
