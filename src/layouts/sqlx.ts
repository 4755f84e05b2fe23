import type { Section, SourceFile, Tool } from '../model/migration.ts'
import type { Layout, LayoutOptions } from './layout.ts'
import { Reading } from './reading/collect.ts'
import { filePairs, isPaired, pairPartner } from './reading/pairs.ts'
import { fileName, isOwnSqlFile } from './reading/paths.ts'
import { sentAsOne, wrapped } from './reading/sections.ts'
import { pairsWriter } from './writing/pairs.ts'

const simple: Tool = {
  name: 'sqlx',
  transactions: 'tool',
  withoutTransaction: '-- no-transaction',
}
const reversible: Tool = { ...simple, downgrade: '-- in the .down.sql file beside it:' }

const numbered = /^\d+_.*\.sql$/i
const template = /^-- Add (?:up |down )?migration script here/m
const noTransaction = /^-- no-transaction/

/** Either one file a migration, or one file a direction. */
export const sqlx: Layout = {
  id: 'sqlx',
  title: 'sqlx: <version>_<description>.sql, or .up.sql and .down.sql',
  notes: [
    'Each migration runs in a transaction, unless its file begins with `-- no-transaction`: then it is sent as one query, which the server runs in a transaction of its own as soon as it has several statements.',
    'Downgrades are expected where the directory has files called `.down.sql`.',
    'Files are ordered by their number.',
  ],
  rank: 50,
  directories: ['migrations'],
  marks: [{ file: 'Cargo.toml', mentions: 'sqlx' }],
  wants: isOwnSqlFile,
  beside: pairPartner,
  detect: (files) => {
    const own = files.filter(({ path }) => numbered.test(fileName(path)))
    if (own.some(({ text }) => noTransaction.test(text) || template.test(text))) return 'certain'
    if (own.some(isPaired)) return 'possible'
    return own.length > 0 ? 'with-mark' : 'no'
  },
  read: (files, options) => {
    const tool = files.some(isPaired) ? reversible : simple
    const reading = new Reading(tool, options)
    for (const { id, name, up, down } of filePairs(files, (file) => reading.problemsOf(file)))
      reading.add({
        id,
        name,
        source: up,
        up: sectionOf(up, up, options),
        down: down && { kind: 'sql', section: sectionOf(down, up, options) },
      })
    return reading.result()
  },
  writer: pairsWriter(simple.withoutTransaction),
}

function sectionOf(file: SourceFile, own: SourceFile, options: LayoutOptions): Section {
  return noTransaction.test(file.text) ? sentAsOne(file, simple, options, own) : wrapped(file, simple, options, own)
}
