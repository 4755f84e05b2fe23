import type { Down, Section, SourceFile, Tool } from '../model/migration.ts'
import type { Span } from '../core/span.ts'
import type { Layout, LayoutOptions } from './layout.ts'
import { Mask } from './masking/mask.ts'
import { refusePsql } from './masking/psql.ts'
import { Reading } from './reading/collect.ts'
import { compareIds, compareText } from './reading/order.ts'
import { fileName, isOwnSqlFile, withoutExtension } from './reading/paths.ts'
import { isPaired, pairPartner } from './reading/pairs.ts'
import { wrapped } from './reading/sections.ts'
import { fitOfPrograms, isOwnScript, isScript, scriptName } from './recorded/programs.ts'
import { recordedSections } from './recorded/sections.ts'
import { nodePgMigrateWriter } from './writing/node-pg-migrate.ts'

const tool: Tool = {
  name: 'node-pg-migrate',
  transactions: 'tool',
  withoutTransaction: '-- in a JavaScript migration that calls pgm.noTransaction():',
  downgrade: '-- Down Migration',
}

const marker = /^\s*--[\s-]*(up|down)\s+migration.*$/gim
const numbered = /^\d+[_-].*\.sql$/i
const numberedScript = /^\d+[_-]/

/** One file a migration, with comments that begin its directions; also one file a direction. */
export const nodePgMigrate: Layout = {
  id: 'node-pg-migrate',
  title:
    'node-pg-migrate: <timestamp>_<name>.sql with -- Up Migration and -- Down Migration, or .ts and .js with up(pgm)',
  notes: [
    'Each migration runs in a transaction; SQL files have no way out of it, programs call `pgm.noTransaction()`.',
    'A file without the comments is the way forward alone. Pairs called `.up.sql` and `.down.sql` are read as well.',
    'Programs are run against a builder that records, with the package that the project has installed. Without a `down` the reverse of `up` is read, as node-pg-migrate runs it.',
    'Files are ordered by their number.',
  ],
  rank: 45,
  directories: ['migrations'],
  marks: [{ file: 'package.json', mentions: '"node-pg-migrate"' }],
  program: 'node-pg-migrate',
  wants: (path) => isOwnSqlFile(path) || (isOwnScript(path) && numberedScript.test(path)),
  beside: pairPartner,
  detect: (files) => {
    const own = files.filter(({ path }) => numbered.test(fileName(path)))
    const programs = fitOfPrograms(files, 'node-pg-migrate')
    if (programs === 'certain' || own.some(({ text }) => text.search(marker) !== -1)) return 'certain'
    if (own.some(isPaired)) return 'possible'
    return own.length > 0 ? 'with-mark' : programs
  },
  read: (files, options) => {
    const reading = new Reading(tool, options)
    const downs = new Map(files.flatMap((file) => (isDown(file) ? [[nameOf(file), file]] : [])))
    const upgrades = files.filter((file) => !isDown(file) && (file.recorded !== undefined || !isScript(file.path)))
    for (const source of upgrades.toSorted(byNumber)) {
      const name = nameOf(source)
      const pair = isPaired(source) ? downs.get(name) : undefined
      const id = /^\d+/.exec(name)?.[0] ?? name
      reading.add({
        id,
        name: name.slice(id.length).replace(/^[_-]/, ''),
        source,
        ...(recordedSections(source, options) ?? sqlSections(source, pair, options)),
      })
    }
    return reading.result()
  },
  writer: nodePgMigrateWriter,
}

function sqlSections(
  source: SourceFile,
  pair: SourceFile | undefined,
  options: LayoutOptions,
): { readonly up: Section; readonly down: Down | undefined } {
  const { up, down } = isPaired(source)
    ? { up: wrapped(source, tool, options), down: pair && wrapped(pair, tool, options, source) }
    : sectionsOf(source, options)
  return { up, down: down && { kind: 'sql', section: down } }
}

function isDown({ path }: SourceFile): boolean {
  return /\.down\.sql$/i.test(path)
}

function nameOf(file: SourceFile): string {
  if (isScript(file.path)) return scriptName(file)
  return withoutExtension(fileName(file.path)).replace(/\.(?:up|down)$/i, '')
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
