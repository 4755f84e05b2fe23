/**
 * A text that a simple regular expression matches, another for each index where the expression leaves room: literals,
 * classes, groups, alternatives and counts. Undefined where it uses anything else.
 */
export function matchingText(pattern: string, index: number): string | undefined {
  const reader = new Reader(pattern.replace(/^\^/, '').replace(/\$$/, ''), index)
  const text = reader.alternatives()
  return reader.failed || !reader.ended ? undefined : text
}

const classes: Readonly<Record<string, string>> = { d: '0123456789', w: 'abcdefghijklmnopqrstuvwxyz', s: ' ' }
const anything = 'abcdefghijklmnopqrstuvwxyz'
/** How often `*` and `+` repeat. */
const repeats = 3

class Reader {
  readonly #pattern: string
  #index: number
  #at = 0
  failed = false

  constructor(pattern: string, index: number) {
    this.#pattern = pattern
    this.#index = index
  }

  get ended(): boolean {
    return this.#at >= this.#pattern.length
  }

  alternatives(): string {
    const texts = [this.#sequence()]
    while (this.#take('|')) texts.push(this.#sequence())
    return texts[this.#next(texts.length)] ?? ''
  }

  #sequence(): string {
    let text = ''
    while (!this.ended && !this.failed && !'|)'.includes(this.#pattern[this.#at] ?? '')) {
      const start = this.#at
      let part = this.#atom()
      const end = this.#at
      for (let count = this.#count(); count !== 1; count -= 1) {
        if (count <= 0) part = ''
        if (count <= 1) break
        // The atom is read again, so that each repetition may be another.
        const after = this.#at
        this.#at = start
        part += this.#atom()
        if (this.#at !== end) this.failed = true
        this.#at = after
      }
      text += part
    }
    return text
  }

  #atom(): string {
    const character = this.#pattern[this.#at] ?? ''
    this.#at += 1
    if (character === '[') return this.#pick(this.#class())
    if (character === '.') return this.#pick(anything)
    if (character === '\\') return this.#escaped()
    if (character === '(') return this.#group()
    if ('^$*+?{'.includes(character)) this.failed = true
    return character
  }

  #escaped(): string {
    const character = this.#pattern[this.#at] ?? ''
    this.#at += 1
    const known = classes[character]
    if (known === undefined && /[a-zA-Z0-9]/.test(character)) this.failed = true
    return known === undefined ? character : this.#pick(known)
  }

  #group(): string {
    if (this.#take('?')) this.failed = !this.#take(':')
    const text = this.alternatives()
    if (!this.#take(')')) this.failed = true
    return text
  }

  #class(): string {
    const end = this.#pattern.indexOf(']', this.#at + 1)
    if (end < 0) this.failed = true
    const body = this.#pattern.slice(this.#at, end)
    this.#at = end + 1
    if (body.includes('[')) this.failed = true
    const members = body
      .replace(/^\^/, '')
      .replaceAll(/\\([dws])/g, (_, name: string) => classes[name] ?? '')
      .replaceAll(/(.)-(.)/g, (_, from: string, to: string) => range(from, to))
    if (!body.startsWith('^')) return members
    return [...`${anything}0123456789-`].filter((character) => !members.includes(character)).join('')
  }

  #count(): number {
    if (this.#take('?')) return this.#next(2)
    if (this.#take('*') || this.#take('+')) return repeats
    const counts = /^\{(\d+)(?:,(\d*))?\}/.exec(this.#pattern.slice(this.#at))
    if (counts === null) return 1
    this.#at += counts[0].length
    return Number(counts[1])
  }

  #take(character: string): boolean {
    if (this.#pattern[this.#at] !== character) return false
    this.#at += 1
    return true
  }

  #pick(characters: string): string {
    if (characters === '') this.failed = true
    return characters[this.#next(characters.length)] ?? ''
  }

  /** The index is spent like the digits of a number, so that neighbours give different texts. */
  #next(choices: number): number {
    const choice = this.#index % choices
    this.#index = Math.floor(this.#index / choices)
    return choice
  }
}

function range(from: string, to: string): string {
  const [first = 0, last = 0] = [from.codePointAt(0), to.codePointAt(0)]
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => String.fromCodePoint(first + at)).join('')
}
