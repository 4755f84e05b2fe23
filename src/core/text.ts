/**
 * The member of `known` that `written` most likely meant, or undefined when none is near.
 * Near: at most a third of the letters differ (optimal string alignment: a swap of neighbours counts as one).
 */
export function closest(written: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(written.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(written.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best ?? onlyOneBeginning(written, known)
}

/** `warn` for `warning`: short, but for nothing else. */
function onlyOneBeginning(written: string, known: Iterable<string>): string | undefined {
  const longer = [...known].filter((one) => one.toLowerCase().startsWith(written.toLowerCase()))
  return written.length > 2 && longer.length === 1 ? longer[0] : undefined
}

/** `Did you mean "x"?`, or a list of what is known when nothing is near. */
export function suggestion(written: string, known: readonly string[]): string {
  const near = closest(written, known)
  if (near !== undefined) return `Did you mean "${near}"?`
  return `Known: ${known.join(', ')}.`
}

/** `1 row`, `3 rows`, `100,000 rows`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`
}

/** `100,000`, whatever the machine's locale. Without Intl, whose first use costs 60 ms. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}

/** `40 of about 100 rows`; `140 rows` where more are done than the server estimated. */
export function rowsOfAbout(done: number, estimated: number): string {
  return done > estimated ? plural(done, 'row') : `${formatCount(done)} of about ${plural(estimated, 'row')}`
}

/** `a`, `a and b`, `a, b and c`. */
export function listOf(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** Every line of `text` moved right by `width` spaces; empty lines stay empty. */
export function indent(text: string, width: number): string {
  if (text === '' || !text.includes('\n')) return text === '' ? '' : ' '.repeat(width) + text
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(width))
}

/**
 * `text` with what terminals and logs act upon made visible, one character for one, so that places stay where they are:
 * control characters become their pictures, what turns the direction of writing becomes U+FFFD. Tabs and line feeds stay.
 */
export function visible(text: string): string {
  return text.replaceAll(actedUpon, (character) => {
    const code = character.charCodeAt(0)
    if (code < 0x20) return String.fromCharCode(0x2400 + code)
    return code === 0x7f ? '\u2421' : '\uFFFD'
  })
}

// eslint-disable-next-line no-control-regex
const actedUpon = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g

/** The same on one line: line ends are pictures too. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll('\n', '\u240A').replaceAll('\t', ' ')
}

/**
 * `text` broken at spaces into lines of at most `width` characters; longer words stay whole, and what is indented stays
 * so in all of its lines.
 */
export function wrap(text: string, width: number): string {
  if (text.length <= width) return text
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    const [indentation = ''] = /^ */.exec(paragraph) ?? []
    const most = width - indentation.length
    let line = ''
    for (const word of paragraph.slice(indentation.length).split(' ')) {
      if (line !== '' && line.length + 1 + word.length > most) {
        lines.push(indentation + line)
        line = word
      } else line = line === '' ? word : `${line} ${word}`
    }
    lines.push(line === '' ? '' : indentation + line)
  }
  return lines.join('\n')
}

/** `head` and behind it `text`, broken so that its further lines begin below its first. */
export function hanging(head: string, text: string, width: number): string {
  return head + indent(wrap(text, width - head.length), head.length).trimStart()
}

function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (beforePrevious[j - 2] ?? 0) + 1)
      current.push(cost)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length] ?? 0
}
