import type { Section, SourceFile, Tool } from '../model/migration.ts'
import { splitStatements } from '../sql/split.ts'
import type { Layout, LayoutOptions } from './layout.ts'
import { maskCopyData } from './masking/copy-data.ts'
import { Mask } from './masking/mask.ts'
import { maskDollarBraces } from './masking/placeholders.ts'
import { refusePsql } from './masking/psql.ts'
import { Reading } from './reading/collect.ts'
import { compareIds, compareText } from './reading/order.ts'
import { fileName } from './reading/paths.ts'
import { flywayWriter } from './writing/flyway.ts'

const tool: Tool = {
  name: 'Flyway',
  transactions: 'tool',
  withoutTransaction: '-- in a script of its own:',
}
const withUndo: Tool = { ...tool, downgrade: '-- in an undo script, U<version>__<description>.sql:' }

interface Script {
  readonly kind: string
  /** Numbers with dots between them; '' for repeatable scripts. */
  readonly version: string
  readonly description: string
  readonly file: SourceFile
}

/** Versioned, undo, repeatable and baseline scripts, in directories that may hold others. */
export const flyway: Layout = {
  id: 'flyway',
  title: 'Flyway: V<version>__<description>.sql, with U, R and B scripts',
  notes: [
    'Each script runs in a transaction, unless all of its statements are ones that Flyway knows to run outside (CREATE INDEX CONCURRENTLY, VACUUM, …) or `<script>.conf` beside it says `executeInTransaction=false`. With `mixed=true` name `--no-in-transaction`.',
    'Undo scripts are the way back of their version; one is expected where any version has one.',
    'Repeatable scripts come after all versions, by description. A baseline script is left out where the versions it stands for are there. Callbacks are left out.',
    'Placeholders such as `${name}` are passed over. Directories are read with the directories in them; versions are ordered by their numbers.',
  ],
  rank: 35,
  directories: ['src/main/resources/db/migration', 'db/migration', 'sql', 'flyway/sql', 'migrations'],
  marks: [{ file: 'flyway.toml' }, { file: 'flyway.conf' }],
  wants: (path) => /\.sql(?:\.conf)?$/.test(path),
  beside: (path) => (scriptName.test(fileName(path)) ? [`${fileName(path)}.conf`] : []),
  detect: (files) => {
    const kinds = new Set(files.flatMap((file) => scriptOf(file)?.kind ?? []))
    if (kinds.has('V') || kinds.has('B')) return 'certain'
    return kinds.has('R') ? 'possible' : 'no'
  },
  read: (files, options) => {
    const scripts = files.flatMap((file) => scriptOf(file) ?? [])
    const configs = new Map(files.map((file) => [file.path, file.text]))
    const undos = new Map(scripts.flatMap((script) => (script.kind === 'U' ? [[script.version, script]] : [])))
    const reading = new Reading(undos.size > 0 ? withUndo : tool, options)
    for (const script of inOrder(scripts)) {
      const { file, version, description } = script
      const config = configs.get(`${file.path}.conf`) ?? ''
      if (/^\s*shouldExecute\s*=\s*false\b/m.test(config)) continue
      const undo = undos.get(version)
      const undoConfig = undo === undefined ? '' : (configs.get(`${undo.file.path}.conf`) ?? '')
      reading.add({
        id: version === '' ? `R__${description}` : version,
        name: description.replaceAll('_', ' '),
        source: file,
        up: sectionOf(file, config, options),
        ...(script.kind === 'R' ? { down: { kind: 'missing', expected: false } } : {}),
        ...(undo === undefined || version === ''
          ? {}
          : { down: { kind: 'sql', section: sectionOf(undo.file, undoConfig, options, file) } }),
      })
    }
    return reading.result()
  },
  writer: flywayWriter,
}

const scriptName = /^(?:([VUB])(\d[\d._]*)__(.+)|(R)__(.+))\.sql$/

function scriptOf(file: SourceFile): Script | undefined {
  const [, kind, version, description, repeatable, name] = scriptName.exec(fileName(file.path)) ?? []
  if (repeatable !== undefined && name !== undefined) return { kind: 'R', version: '', description: name, file }
  if (kind === undefined || version === undefined || description === undefined) return undefined
  return { kind, version: version.replaceAll('_', '.'), description, file }
}

/** Versions by their numbers, the baseline where nothing stands before it, then what is repeatable. */
function inOrder(scripts: readonly Script[]): readonly Script[] {
  const versioned = scripts.filter(({ kind }) => kind === 'V')
  const repeatable = scripts.filter(({ kind }) => kind === 'R')
  const first = versioned.toSorted(byVersion)[0]
  const baseline = scripts
    .filter(({ kind }) => kind === 'B')
    .toSorted(byVersion)
    .at(-1)
  const isCovered = baseline !== undefined && first !== undefined && byVersion(first, baseline) <= 0
  const start = baseline === undefined || isCovered ? [] : [baseline]
  return [
    ...start,
    ...versioned.toSorted(byVersion),
    ...repeatable.toSorted((a, b) => compareText(a.description, b.description)),
  ]
}

function byVersion(a: Script, b: Script): number {
  const [left, right] = [a.version.split('.'), b.version.split('.')]
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = compareIds(left[index] ?? '0', right[index] ?? '0')
    if (order !== 0) return order
  }
  return 0
}

/** Statements that Flyway itself knows to run outside a transaction on PostgreSQL. */
const outside =
  /^(?:(?:create|drop)\s+(?:unique\s+)?index\s+concurrently|reindex\s+(?:verbose\s+)?(?:schema|database|system)|vacuum|(?:create|drop)\s+(?:database|tablespace|subscription)|alter\s+system|discard\s+all)\b/i

function sectionOf(file: SourceFile, config: string, options: LayoutOptions, own: SourceFile = file): Section {
  const mask = new Mask(file)
  maskCopyData(mask)
  if (!/^\s*placeholderReplacement\s*=\s*false\b/m.test(config)) maskDollarBraces(mask)
  refusePsql(mask, tool.name)
  const says = /^\s*executeInTransaction\s*=\s*false\b/m.test(config) ? false : undefined
  return mask.section(options.inTransaction ?? says ?? !isOutside(mask.sql), own)
}

function isOutside(sql: string): boolean {
  if (!/concurrently|reindex|vacuum|database|tablespace|subscription|system|discard/i.test(sql)) return false
  const statements = splitStatements(sql)
  return statements.length > 0 && statements.every(({ start, end }) => outside.test(sql.slice(start, end)))
}
