import type { Tool } from '../model/migration.ts'
import type { Layout } from './layout.ts'
import { sentAsOne } from './reading/sections.ts'
import { Reading } from './reading/collect.ts'
import { filePairs, isPaired, pairPartner } from './reading/pairs.ts'
import { isOwnSqlFile } from './reading/paths.ts'
import { pairsWriter } from './writing/pairs.ts'

const tool: Tool = {
  name: 'golang-migrate',
  transactions: 'file',
  withoutTransaction: '-- in a migration file of its own, with this one statement:',
  downgrade: '-- in the .down.sql file beside it:',
}

/** One file a direction, each sent to the server as one query. */
export const golangMigrate: Layout = {
  id: 'golang-migrate',
  title: 'golang-migrate: <version>_<title>.up.sql and .down.sql',
  notes: [
    'Each file is sent to the server as one query: with several statements the server runs it in a transaction of its own, a single statement runs without. A file may begin and end transactions itself.',
    'For a connection with `x-multi-statement=true` name `--no-in-transaction`.',
    'Files are ordered by their number.',
  ],
  rank: 40,
  directories: ['migrations', 'db/migrations', 'internal/db/migrations', 'database/migrations'],
  marks: [{ file: 'go.mod', mentions: 'golang-migrate/migrate' }],
  wants: isOwnSqlFile,
  beside: pairPartner,
  detect: (files) => (files.some(isPaired) ? 'possible' : 'no'),
  read: (files, options) => {
    const reading = new Reading(tool, options)
    const paired = files.filter(isPaired)
    for (const { id, name, up, down } of filePairs(paired, (file) => reading.problemsOf(file)))
      reading.add({
        id,
        name,
        source: up,
        up: sentAsOne(up, tool, options),
        down: down && { kind: 'sql', section: sentAsOne(down, tool, options, up) },
      })
    return reading.result()
  },
  writer: pairsWriter(),
}
