import type { Section, SourceFile, Tool } from '../model/migration.ts'
import type { Span } from '../core/span.ts'
import type { Layout, LayoutOptions } from './layout.ts'
import { Mask } from './masking/mask.ts'
import { maskTemplates } from './masking/placeholders.ts'
import { refusePsql } from './masking/psql.ts'
import { Reading } from './reading/collect.ts'
import { compareText } from './reading/order.ts'
import { fileName, isOwnSqlFile } from './reading/paths.ts'
import { atlasWriter } from './writing/atlas.ts'

const tool: Tool = {
  name: 'Atlas',
  transactions: 'tool',
  withoutTransaction: '-- atlas:txmode none\n',
}

/** Files of other tools, which Atlas can read in their formats, are told by what they hold. */
const foreign = /^\s*--\s*(?:\+goose\s+up|migrate:up|liquibase formatted sql)\b/im
const foreignName = /\.(?:up|down)\.sql$|^[VUR][\d._]*__/

/** One file a migration, and a file with sums. */
export const atlas: Layout = {
  id: 'atlas',
  title: 'Atlas: <version>_<name>.sql and atlas.sum',
  notes: [
    'Each file runs in a transaction, unless it says `-- atlas:txmode none`: then each statement runs by itself. A directive counts only in the block of comments at the top of a file that an empty line ends; elsewhere Atlas passes it over in silence.',
    '`-- atlas:delimiter` is obeyed. Of a file in the txtar format the section `migration.sql` is the way forward and `down.sql` the way back; checks are left out.',
    'A checkpoint is left out where the files that it stands for are there. Templates such as `{{ .Name }}` are passed over.',
    'Files are ordered by their names. With `--dir …?format=` of another tool that tool’s layout is taken.',
  ],
  rank: 65,
  directories: ['migrations', 'atlas/migrations'],
  marks: [{ file: 'atlas.hcl' }],
  wants: (path) => isOwnSqlFile(path) || path === 'atlas.sum',
  beside: () => ['atlas.sum'],
  detect: (files, names) => {
    const own = files.filter(isMigration)
    if (own.length === 0) return 'no'
    if (own.some(({ path, text }) => foreignName.test(fileName(path)) || foreign.test(text))) return 'no'
    if (names.some((name) => fileName(name) === 'atlas.sum')) return 'certain'
    return own.some(({ text }) => /^-- atlas:(?!nolint)\w/m.test(text)) ? 'certain' : 'with-mark'
  },
  read: (files, options) => {
    const reading = new Reading(tool, options)
    const sorted = files.filter(isMigration).toSorted((a, b) => compareText(fileName(a.path), fileName(b.path)))
    for (const [index, source] of sorted.entries()) {
      const directives = topDirectives(source.text)
      if (index > 0 && directives.has('checkpoint')) continue
      const [id = '', ...words] = fileName(source.path)
        .replace(/\.sql$/i, '')
        .split('_')
      const spans = directives.has('txtar') ? archiveSpans(source.text) : {}
      const whole = { start: 0, end: source.text.length }
      const down = spans.down && sectionOf(source, spans.down, directives, options)
      reading.add({
        id,
        name: words.join('_'),
        source,
        up: sectionOf(source, spans.up ?? whole, directives, options),
        ...(down === undefined ? {} : { down: { kind: 'sql', section: down } }),
      })
    }
    return reading.result()
  },
  writer: atlasWriter,
  afterChange: 'The sums in atlas.sum are those of the files before: atlas migrate hash',
}

function isMigration({ path }: SourceFile): boolean {
  return /\.sql$/i.test(path)
}

/** The directives of the block of comments at the top of a file; none where no empty line ends it. */
function topDirectives(text: string): ReadonlyMap<string, string> {
  const block = /^(?:(?:--|#).*\r?\n)+(?=\r?\n)/.exec(text)?.[0] ?? ''
  return new Map(
    [...block.matchAll(/^(?:--|#)[ \t]*atlas:(\w+)(?:[ \t]+(.*?))?\r?$/gm)].map((match) => [
      match[1] ?? '',
      match[2] ?? '',
    ]),
  )
}

/** Where the sections of an archive in the txtar format stand. */
function archiveSpans(text: string): { readonly up?: Span; readonly down?: Span } {
  const marks = [...text.matchAll(/^-- ([\w./-]+\.sql) --[ \t]*$/gm)]
  const spanOf = (name: string): Span | undefined => {
    const index = marks.findIndex((mark) => mark[1] === name)
    const mark = marks[index]
    return mark && { start: mark.index + mark[0].length, end: marks[index + 1]?.index ?? text.length }
  }
  const up = spanOf('migration.sql')
  const down = spanOf('down.sql')
  return { ...(up === undefined ? {} : { up }), ...(down === undefined ? {} : { down }) }
}

function sectionOf(
  file: SourceFile,
  span: Span,
  directives: ReadonlyMap<string, string>,
  options: LayoutOptions,
): Section {
  const mask = new Mask(file, span)
  const delimiter = directives.get('delimiter')
  if (delimiter !== undefined) maskDelimiter(mask, delimiter)
  maskTemplates(mask)
  refusePsql(mask, tool.name)
  return mask.section(options.inTransaction ?? directives.get('txmode') !== 'none')
}

/** A delimiter becomes a semicolon; `\n`, `\r` and `\t` are written out in the directive. Line breaks stay: they end comments. */
function maskDelimiter(mask: Mask, written: string): void {
  const delimiter = written.replaceAll('\\n', '\n').replaceAll('\\r', '\r').replaceAll('\\t', '\t')
  if (delimiter === '' || delimiter === ';') return
  const { text } = mask.file
  for (
    let at = text.indexOf(delimiter, mask.span.start);
    at !== -1;
    at = text.indexOf(delimiter, at + delimiter.length)
  ) {
    if (at + delimiter.length > mask.span.end) return
    mask.put(at, asSemicolon(delimiter))
  }
}

function asSemicolon(delimiter: string): string {
  const ink = delimiter.search(/\S/)
  // Of empty lines the first break stays in front.
  const at = ink === -1 ? Math.min(1, delimiter.length - 1) : ink
  return [...delimiter]
    .map((character, index) => (index === at ? ';' : /\s/.test(character) ? character : ' '))
    .join('')
}
