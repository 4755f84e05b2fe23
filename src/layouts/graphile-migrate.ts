import type { SourceFile, Tool } from '../model/migration.ts'
import { hasCode } from '../sql/lexer.ts'
import type { Layout, LayoutOptions } from './layout.ts'
import type { Mask } from './masking/mask.ts'
import { maskCapitals } from './masking/placeholders.ts'
import { Reading } from './reading/collect.ts'
import { compareText } from './reading/order.ts'
import { fileName, folderName } from './reading/paths.ts'
import { sentMask, serverMask } from './reading/sections.ts'

const tool: Tool = {
  name: 'graphile-migrate',
  transactions: 'tool',
  withoutTransaction: '--! no-transaction',
}

const committed = /^(\d+)(?:-(.*))?\.sql$/

/** Numbered files that are committed, and one that is being written. */
export const graphileMigrate: Layout = {
  id: 'graphile-migrate',
  title: 'graphile-migrate: committed/<number>-<name>.sql and current.sql',
  notes: [
    'Each migration runs in a transaction, unless its file says `--! no-transaction`.',
    'The current migration, `current.sql` or the files of `current/`, comes last, where it has a statement.',
    'Placeholders such as `:DATABASE_OWNER` are passed over. What `--!include` brings in is reported as SQL that is not seen.',
    'There are no downgrades.',
  ],
  rank: 55,
  directories: ['migrations'],
  marks: [{ file: '.gmrc' }, { file: '.gmrc.js' }, { file: '.gmrc.cjs' }],
  wants: (path) => /^(?:.*\/)?(?:committed\/[^/]+|current\/.+|current)\.sql$/.test(path),
  detect: (files) => {
    if (files.some((file) => isCommitted(file) && /^--! Previous:/m.test(file.text))) return 'certain'
    return files.some(({ path }) => fileName(path) === 'current.sql') ? 'possible' : 'no'
  },
  read: (files, options) => {
    const reading = new Reading(tool, options)
    const done = files.filter(isCommitted)
    for (const source of done.toSorted((a, b) => compareText(fileName(a.path), fileName(b.path)))) {
      const [, id = '', name = ''] = committed.exec(fileName(source.path)) ?? []
      reading.add({ id, name, source, up: sectionOf(source, options) })
    }
    const current = files.filter((file) => !isCommitted(file) && hasCode(file.text))
    for (const source of current.toSorted((a, b) => compareText(a.path, b.path))) {
      const name = fileName(source.path).replace(/\.sql$/, '')
      const id = name === 'current' ? name : `current/${name}`
      reading.add({ id, name, source, up: sectionOf(source, options) })
    }
    return reading.result()
  },
  sealed: ({ source }) =>
    isCommitted(source)
      ? 'it is committed, and the files hold its hash: graphile-migrate uncommit takes the last one back'
      : undefined,
  writer: {
    never:
      'graphile-migrate has one current migration at a time: commit what stands above the statement with graphile-migrate commit, and write the rest in current.sql then',
  },
}

function isCommitted({ path }: SourceFile): boolean {
  return folderName(path) === 'committed' && committed.test(fileName(path))
}

function sectionOf(file: SourceFile, options: LayoutOptions): ReturnType<Mask['section']> {
  const mask = serverMask(file, tool)
  maskCapitals(mask)
  for (const match of file.text.matchAll(/^--!\s*include\s+.*$/gim)) {
    const span = { start: match.index, end: match.index + match[0].trimEnd().length }
    mask.hide(span, 'graphile-migrate puts another file in its place.')
  }
  if (/^--!\s*no-transaction\b/m.test(file.text)) return sentMask(mask, options)
  return mask.section(options.inTransaction ?? true)
}
