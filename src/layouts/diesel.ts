import type { SourceFile, Tool } from '../model/migration.ts'
import type { Layout } from './layout.ts'
import { Reading } from './reading/collect.ts'
import { compareText } from './reading/order.ts'
import { fileName, folderName, folderOf } from './reading/paths.ts'
import { sentAsOne, wrapped } from './reading/sections.ts'
import { foldersWriter } from './writing/folders.ts'

const tool: Tool = {
  name: 'Diesel',
  transactions: 'tool',
  withoutTransaction: '-- in a migration of its own, with "run_in_transaction = false" in its metadata.toml:',
  downgrade: '-- in down.sql beside it:',
}

/** One folder a migration, one file a direction. */
export const diesel: Layout = {
  id: 'diesel',
  title: 'Diesel: <version>_<name>/up.sql and down.sql',
  notes: [
    'Each migration runs in a transaction, unless `metadata.toml` beside it says `run_in_transaction = false`: then its file is sent as one query, which the server runs in a transaction of its own as soon as it has several statements.',
    'Folders are ordered by their version without its hyphens.',
  ],
  rank: 60,
  directories: ['migrations'],
  marks: [{ file: 'diesel.toml' }, { file: 'Cargo.toml', mentions: 'diesel' }],
  wants: (path) => /(?:^|\/)(?:up\.sql|down\.sql|metadata\.toml)$/.test(path),
  beside: (path) => {
    const name = fileName(path)
    if (name !== 'up.sql' && name !== 'down.sql') return []
    return ['up.sql', 'down.sql', 'metadata.toml'].filter((other) => other !== name)
  },
  detect: (files) => (files.some(({ path }) => isUp(path)) ? 'certain' : 'no'),
  read: (files, options) => {
    const reading = new Reading(tool, options)
    const byPath = new Map(files.map((file) => [`${folderOf(file.path)}/${fileName(file.path)}`, file]))
    const ups = files.filter(({ path }) => isUp(path))
    for (const up of ups.toSorted((a, b) => compareText(versionOf(a), versionOf(b)))) {
      const folder = folderOf(up.path)
      const [id = '', ...words] = folderName(up.path).split('_')
      const down = byPath.get(`${folder}/down.sql`)
      const metadata = byPath.get(`${folder}/metadata.toml`)?.text ?? ''
      const section = /^\s*run_in_transaction\s*=\s*false\b/m.test(metadata) ? sentAsOne : wrapped
      reading.add({
        id,
        name: words.join('_'),
        source: up,
        up: section(up, tool, options),
        down: down && { kind: 'sql', section: section(down, tool, options, up) },
      })
    }
    return reading.result()
  },
  writer: foldersWriter({
    up: 'up.sql',
    down: 'down.sql',
    outside: { file: 'metadata.toml', text: 'run_in_transaction = false\n' },
  }),
}

function isUp(path: string): boolean {
  return fileName(path) === 'up.sql' && folderName(path) !== ''
}

function versionOf({ path }: SourceFile): string {
  return (folderName(path).split('_')[0] ?? '').replaceAll('-', '')
}
