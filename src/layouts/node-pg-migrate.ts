import type { Section, SourceFile, Tool } from '../model/migration.ts'
import type { Span } from '../core/span.ts'
import type { Layout, LayoutOptions } from './layout.ts'
import { Mask } from './masking/mask.ts'
import { refusePsql } from './masking/psql.ts'
import { Reading } from './reading/collect.ts'
import { compareIds, compareText } from './reading/order.ts'
import { fileName, isOwnSqlFile, withoutExtension } from './reading/paths.ts'
import { isPaired, pairPartner } from './reading/pairs.ts'
import { wrapped } from './reading/sections.ts'

const tool: Tool = {
  name: 'node-pg-migrate',
  transactions: 'tool',
  withoutTransaction: '-- in a JavaScript migration that calls pgm.noTransaction():',
  downgrade: '-- Down Migration',
}

const marker = /^\s*--[\s-]*(up|down)\s+migration.*$/gim
const numbered = /^\d+[_-].*\.sql$/i

/** One file a migration, with comments that begin its directions; also one file a direction. */
export const nodePgMigrate: Layout = {
  id: 'node-pg-migrate',
  title: 'node-pg-migrate: <timestamp>_<name>.sql with -- Up Migration and -- Down Migration',
  notes: [
    'Each migration runs in a transaction; SQL files have no way out of it.',
    'A file without the comments is the way forward alone. Pairs called `.up.sql` and `.down.sql` are read as well.',
    'Migrations in JavaScript and TypeScript are left out. Files are ordered by their number.',
  ],
  rank: 45,
  directories: ['migrations'],
  marks: [{ file: 'package.json', mentions: '"node-pg-migrate"' }],
  wants: isOwnSqlFile,
  beside: pairPartner,
  detect: (files) => {
    const own = files.filter(({ path }) => numbered.test(fileName(path)))
    if (own.some(({ text }) => text.search(marker) !== -1)) return 'certain'
    if (own.some(isPaired)) return 'possible'
    return own.length > 0 ? 'with-mark' : 'no'
  },
  read: (files, options) => {
    const reading = new Reading(tool, options)
    const downs = new Map(files.flatMap((file) => (isDown(file) ? [[nameOf(file), file]] : [])))
    for (const source of files.filter((file) => !isDown(file)).toSorted(byNumber)) {
      const name = nameOf(source)
      const pair = isPaired(source) ? downs.get(name) : undefined
      const { up, down } = isPaired(source)
        ? { up: wrapped(source, tool, options), down: pair && wrapped(pair, tool, options, source) }
        : sectionsOf(source, options)
      const id = /^\d+/.exec(name)?.[0] ?? name
      reading.add({
        id,
        name: name.slice(id.length).replace(/^[_-]/, ''),
        source,
        up,
        down: down && { kind: 'sql', section: down },
      })
    }
    return reading.result()
  },
}

function isDown({ path }: SourceFile): boolean {
  return /\.down\.sql$/i.test(path)
}

function nameOf({ path }: SourceFile): string {
  return withoutExtension(fileName(path)).replace(/\.(?:up|down)$/i, '')
}

function byNumber(a: SourceFile, b: SourceFile): number {
  const [left, right] = [a, b].map((file) => /^\d+/.exec(nameOf(file))?.[0] ?? '0')
  return compareIds(left ?? '0', right ?? '0') || compareText(nameOf(a), nameOf(b))
}

function sectionsOf(file: SourceFile, options: LayoutOptions): { readonly up: Section; readonly down?: Section } {
  const starts = [...file.text.matchAll(marker)].map((match) => ({
    direction: match[1]?.toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
  }))
  const spanOf = (direction: string): Span | undefined => {
    const index = starts.findIndex((one) => one.direction === direction)
    const found = starts[index]
    return found && { start: found.end, end: starts[index + 1]?.start ?? file.text.length }
  }
  const sectionAt = (span: Span): Section => {
    const mask = new Mask(file, span)
    refusePsql(mask, tool.name)
    return mask.section(options.inTransaction ?? true)
  }
  const down = spanOf('down')
  // Without a marker of its own the way forward is what stands above the way back.
  const up = spanOf('up') ?? { start: 0, end: starts[0]?.start ?? file.text.length }
  return { up: sectionAt(up), ...(down === undefined ? {} : { down: sectionAt(down) }) }
}
