import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { wantedFiles, pickLayout } from '../../src/app/pick-layout.ts'
import { readSources } from '../../src/app/source-files.ts'
import { readHistory } from '../../src/app/history.ts'
import { lineStarts, positionAt } from '../../src/core/span.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { layouts } from '../../src/layouts/registry.gen.ts'
import { lint } from '../../src/lint/lint.ts'
import { parseMigration } from '../../src/lint/parse.ts'
import type { LintReport } from '../../src/model/finding.ts'
import type { ParsedMigration, Section, SourceFile } from '../../src/model/migration.ts'
import { writtenPlace } from '../../src/model/written.ts'
import type { ParsedSql } from '../../src/model/statement.ts'
import { dropColumn } from '../../src/rules/columns/drop-column.ts'
import { setNotNullWithoutCheck } from '../../src/rules/columns/set-not-null-without-check.ts'
import { createIndexWithoutConcurrently } from '../../src/rules/indexes/create-index-without-concurrently.ts'
import type { Rule } from '../../src/rules/rule.ts'
import { dropTable } from '../../src/rules/tables/drop-table.ts'
import { concurrentlyInTransaction } from '../../src/rules/transactions/concurrently-in-transaction.ts'
import { sqlNotUnderstood } from '../../src/rules/transactions/sql-not-understood.ts'

const options = {
  knownRules: ['drop-column', 'drop-table', 'missing-down', 'create-index-without-concurrently'],
  knownGates: ['approval'],
}

/** A copy of a project of `trees/`, outside of this repository, so that nothing of ours is taken for a mark of it. */
export async function project(name: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'migrate-layout-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  await cp(join(import.meta.dirname, 'trees', name), root, { recursive: true })
  return root
}

/** The same, with the packages that this repository has installed. */
export async function programProject(name: string): Promise<string> {
  const root = await project(name)
  await symlink(join(import.meta.dirname, '../../node_modules'), join(root, 'node_modules'), 'dir')
  return root
}

/** What programs send, each statement at its place in the program. */
export async function recordTree(cwd: string, paths: readonly string[], layout?: string): Promise<string> {
  const history = await historyIn(cwd, paths, layout)
  const lines = history.flatMap(({ id, up, upSql, down, downSql, source }) => {
    const back = down.kind === 'sql' ? sentLines('down', down.section, source, downSql) : [`  down ${down.kind}`]
    return [`${id} ${source.path}`, ...sentLines('up', up, source, upSql), ...back]
  })
  return lines.join('\n')
}

function sentLines(direction: string, section: Section, file: SourceFile, sql: ParsedSql): readonly string[] {
  return [
    `  ${direction} (${section.transaction ? 'transaction' : 'by themselves'})`,
    ...sql.statements.map(({ span }) => {
      const { line, column } = writtenPlace(file, span.start)
      return `    ${line}:${column} ${oneLine(file.text.slice(span.start, span.end))}`
    }),
    ...sql.problems.map(({ message }) => `    PROBLEM ${message}`),
  ]
}

/** What is read of a directory: the layout that was detected, each migration, its sections and statements. */
export async function readTree(cwd: string, paths: readonly string[], layout?: string): Promise<string> {
  await postgres.load()
  const set = await readSources(paths, cwd, layouts)
  const picked = pickLayout({ set, layouts, wanted: layout, purpose: 'lint', options })
  const { migrations, problems } = picked.read(wantedFiles(picked, set), options)
  const lines = migrations.flatMap((migration) => {
    const { upSql, downSql, down, up, source, id, name, allows } = parseMigration(migration, postgres)
    const back =
      down.kind === 'sql'
        ? sectionLines('down', down.section, down.section.source ?? source, downSql)
        : [`  down ${down.kind === 'none' ? `none: ${down.reason}` : down.expected ? 'missing' : 'none is expected'}`]
    const allowed = allows.map(({ rule, source: other }) => `  allows ${rule} in ${(other ?? source).path}`)
    return [`${id} "${name}"`, ...sectionLines('up', up, up.source ?? source, upSql), ...back, ...allowed]
  })
  return [
    picked.id,
    ...lines,
    ...problems.map(({ at, message }) => `${at.path}:${at.line}:${at.column} ${message}`),
  ].join('\n')
}

function sectionLines(direction: string, section: Section, file: SourceFile, sql: ParsedSql): readonly string[] {
  const starts = lineStarts(file.text)
  const place = (offset: number): string => {
    const { line, column } = positionAt(file.text, offset, starts)
    return `${line}:${column}`
  }
  const mode = section.implicit === true ? 'one query' : section.transaction ? 'transaction' : 'by themselves'
  return [
    `  ${direction} ${file.path} (${mode})`,
    ...sql.statements.map(({ span }) => `    ${place(span.start)} ${oneLine(file.text.slice(span.start, span.end))}`),
    ...sql.problems.map(({ span, message }) => `    ${place(span.start)} PROBLEM ${message}`),
  ]
}

function oneLine(sql: string): string {
  const line = sql.replaceAll(/\s+/g, ' ')
  return line.length > 70 ? `${line.slice(0, 69)}…` : line
}

/** Few rules, so that a new one changes nothing here. */
const rules: readonly Rule[] = [
  createIndexWithoutConcurrently,
  concurrentlyInTransaction,
  dropColumn,
  dropTable,
  setNotNullWithoutCheck,
  sqlNotUnderstood,
]

/** What lint has to say, as `path:line:column severity rule #statement message`. */
export async function lintTree(cwd: string, paths: readonly string[], layout?: string): Promise<readonly string[]> {
  const { findings } = await reportOf(cwd, paths, layout)
  return findings.map(({ file, span, severity, rule, statement, message }) => {
    const { line, column } = positionAt(file.text, span.start)
    return `${file.path}:${line}:${column} ${severity} ${rule} #${statement} ${message}`
  })
}

async function reportOf(cwd: string, paths: readonly string[], layout?: string): Promise<LintReport> {
  return lint({ history: await historyIn(cwd, paths, layout), rules, dialect: postgres, target: 18 })
}

async function historyIn(
  cwd: string,
  paths: readonly string[],
  layout: string | undefined,
): Promise<readonly ParsedMigration[]> {
  await postgres.load()
  const set = await readSources(paths, cwd, layouts)
  return readHistory({
    set,
    layouts,
    wanted: layout,
    purpose: 'lint',
    dialect: postgres,
    options,
    cwd,
    env: process.env,
  })
}
