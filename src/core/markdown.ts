import { visibleLine } from './text.ts'

/** Characters of a whole report. A comment on GitHub takes 65,536, and the rest of it may be somebody else's. */
const maxLength = 60_000

/** As many blocks as a comment takes; how many are left out is said by `more`. */
export function fitting(blocks: readonly string[], more: (left: number) => string): readonly string[] {
  let length = 0
  const end = blocks.findIndex((text) => (length += text.length + 2) > maxLength)
  if (end === -1) return blocks
  return [...blocks.slice(0, end), `… and ${more(blocks.length - end)}`]
}

/** A fence longer than every run of backticks in it, which is what could end it. */
export function fence(text: string, language: string): string {
  const marks = '`'.repeat(Math.max(3, longestRun(text) + 1))
  return `${marks}${language}\n${text}\n${marks}`
}

/** One line of code in which nothing ends it. */
export function code(text: string): string {
  const line = visibleLine(text)
  const marks = '`'.repeat(longestRun(line) + 1)
  const space = /^`|`$|^ .* $/.test(line) ? ' ' : ''
  return `${marks}${space}${line}${space}${marks}`
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
}

/**
 * Text in which nothing is markup: every ASCII mark that Markdown or HTML may read is a character reference, and what
 * services turn into a mention, a reference or a link is broken by a space without width.
 */
export function prose(text: string): string {
  return visibleLine(text)
    .replaceAll(/:\/\/|www\./gi, (start) => `${start.charAt(0)}\u200B${start.slice(1)}`)
    .replaceAll(/[@#]/g, (mark) => `${mark}\u200B`)
    .replaceAll(/[&<>"`*_~[\]\\|!$#@]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replace(/^(\s*)([-+=]|\d+[.)])/, (_, space: string, mark: string) => `${space}\u200B${mark}`)
}
