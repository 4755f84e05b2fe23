import { wrap } from '../core/text.ts'
import type { ReportStyle } from '../model/report.ts'
import { cellWidth } from '../reporters/excerpt.ts'
import type { Paint } from '../reporters/paint.ts'
import { painter } from '../reporters/paint.ts'

/** Lines longer than this are hard to read, however wide the window is. */
const maxWidth = 100

/** A page of ours, written in Markdown, for a terminal: text is wrapped, tables are aligned, links are their words. */
export function showPage(markdown: string, style: ReportStyle): string {
  const width = Math.min(style.width, maxWidth)
  const paint = painter(style.color)
  return `${blocksOf(markdown)
    .map((block) => shown(block, width, paint))
    .join('\n')}\n`
}

/** Lines that belong together: a fence with what it holds, a table, or one line. */
function blocksOf(markdown: string): readonly (readonly string[])[] {
  const blocks: string[][] = []
  let fenced = false
  for (const line of markdown.trimEnd().split('\n')) {
    const last = blocks.at(-1)
    const inTable = line.startsWith('|') && last?.[0]?.startsWith('|') === true
    if (last !== undefined && (fenced || inTable)) last.push(line)
    else blocks.push([line])
    if (line.startsWith('```')) fenced = !fenced
  }
  return blocks
}

function shown(block: readonly string[], width: number, paint: Paint): string {
  const [first = ''] = block
  if (first.startsWith('```'))
    return block
      .slice(1, -1)
      .map((line) => (line === '' ? '' : `    ${line}`))
      .join('\n')
  if (first.startsWith('|')) return shownTable(block, width)
  if (first.startsWith('#')) return paint('bold', plain(first))
  const bullet = /^(?:- |\d+\. )/.exec(first)?.[0] ?? ''
  const lines = wrap(plain(first.slice(bullet.length)), width - bullet.length).split('\n')
  return lines.map((line, index) => (index === 0 ? bullet : ' '.repeat(bullet.length)) + line).join('\n')
}

/** A link is its words; one that leads out of the package keeps its address. */
function plain(text: string): string {
  return text.replaceAll(/\[([^\]]*)\]\(([^)]*)\)/g, (_, words: string, address: string) =>
    /^https?:/.test(address) ? `${words} (${address})` : words,
  )
}

/** Columns side by side; where they do not fit, the last one is wrapped in what is left, or every cell has a line. */
function shownTable(block: readonly string[], width: number): string {
  const rows = block.filter((_, index) => index !== 1).map(cellsOf)
  const [head = []] = rows
  const widths = head.map((_, column) => Math.max(...rows.map((row) => cellWidth(row[column] ?? ''))))
  const before = widths.slice(0, -1).reduce((sum, cells) => sum + cells + 2, 0)
  const left = width - before
  if (left < minLastColumn) return stacked(rows, width)
  return rows
    .map((row) => {
      const start = row
        .slice(0, -1)
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - cellWidth(cell) + 2))
      const [line = '', ...more] = wrap(row.at(-1) ?? '', left).split('\n')
      return [`${start.join('')}${line}`.trimEnd(), ...more.map((next) => ' '.repeat(before) + next)].join('\n')
    })
    .join('\n')
}

/** A last column narrower than this is a tower of single words. */
const minLastColumn = 24

function stacked([head = [], ...rows]: readonly (readonly string[])[], width: number): string {
  return rows
    .map((row) => row.map((cell, column) => wrap(`${head[column] ?? ''}: ${cell}`, width)).join('\n'))
    .join('\n\n')
}

function cellsOf(line: string): readonly string[] {
  return line
    .replaceAll(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => plain(cell.trim().replaceAll('\\|', '|')))
}
