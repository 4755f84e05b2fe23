import type { Span } from '../core/span.ts'
import type { Section, SourceFile, Tool } from '../model/migration.ts'
import { readAnnotations, hasUp, type GooseFile } from './goose/annotations.ts'
import { refuseWrongCuts } from './goose/cuts.ts'
import type { Layout, LayoutOptions } from './layout.ts'
import { Mask } from './masking/mask.ts'
import { maskDollarBraces, maskDollarNames } from './masking/placeholders.ts'
import { refusePsql } from './masking/psql.ts'
import { Reading } from './reading/collect.ts'
import { compareIds } from './reading/order.ts'
import { fileName, isOwnSqlFile } from './reading/paths.ts'
import { gooseWriter } from './writing/goose.ts'

const tool: Tool = {
  name: 'goose',
  transactions: 'tool',
  withoutTransaction: '-- +goose NO TRANSACTION',
  downgrade: '-- +goose Down',
}

/** One file a migration, with annotations that begin its directions. */
export const goose: Layout = {
  id: 'goose',
  title: 'goose: <version>_<name>.sql with -- +goose Up and -- +goose Down',
  notes: [
    'Each migration runs in a transaction, unless its file says `-- +goose NO TRANSACTION`: then each statement runs by itself.',
    'goose cuts statements at lines that end with a semicolon. A statement that it would cut in the middle is reported.',
    'Between `-- +goose ENVSUB ON` and `OFF`, `${NAME}` and `$NAME` are passed over.',
    'Migrations in Go are left out. Files are ordered by their number.',
  ],
  rank: 30,
  directories: ['migrations', 'db/migrations', 'sql/migrations', 'internal/database/migrations'],
  marks: [{ file: 'go.mod', mentions: 'pressly/goose' }],
  wants: isOwnSqlFile,
  detect: (files) => (files.some(({ text }) => hasUp(text)) ? 'certain' : 'no'),
  read: (files, options) => {
    const reading = new Reading(tool, options)
    const found = files.flatMap((source) => identityOf(source, reading) ?? [])
    for (const { id, name, source } of found.toSorted((a, b) => compareIds(a.id, b.id))) {
      const annotated = readAnnotations(source, reading.problemsOf(source))
      if (annotated.up === undefined) continue
      const up = sectionOf(source, annotated.up, annotated, options)
      const down = annotated.down && sectionOf(source, annotated.down, annotated, options)
      reading.add({ id, name, source, up, down: down && { kind: 'sql', section: down } })
    }
    return reading.result()
  },
  writer: gooseWriter,
}

function identityOf(
  source: SourceFile,
  reading: Reading,
): { readonly id: string; readonly name: string; readonly source: SourceFile } | undefined {
  const written = fileName(source.path)
  const [, id, name] = /^(\d+)_(.*)\.sql$/i.exec(written) ?? []
  if (id !== undefined && name !== undefined) return { id, name, source }
  reading
    .problemsOf(source)
    .add(
      'migration-name-invalid',
      0,
      `The name "${written}" is not <version>_<name>.sql, so goose does not run it.`,
      'Name it like 00001_add_users.sql or 20261101093000_add_users.sql.',
    )
  return undefined
}

function sectionOf(
  file: SourceFile,
  span: Span,
  { transaction, blocks, replaced }: GooseFile,
  options: LayoutOptions,
): Section {
  const mask = new Mask(file, span)
  for (const one of replaced) {
    const within = { start: Math.max(one.start, span.start), end: Math.min(one.end, span.end) }
    if (within.start >= within.end) continue
    maskDollarBraces(mask, within)
    maskDollarNames(mask, within)
  }
  refusePsql(mask, tool.name)
  refuseWrongCuts(mask, blocks)
  return mask.section(options.inTransaction ?? transaction)
}
