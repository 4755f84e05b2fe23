import { messageOf } from '../core/errors.ts'
import { Catalogue } from '../lint/schema/catalogue.ts'
import { replayMigration } from '../lint/replay.ts'
import { schemaText } from '../lint/schema-text.ts'
import { filesOf } from '../lint/source-of.ts'
import type { Finding, Severity } from '../model/finding.ts'
import type { ParsedMigration } from '../model/migration.ts'
import type { FixInput, FixState, Mending, NewText } from './fix.ts'

/** The state that a mending leads to, or why it must not be. */
export type Proof = { readonly state: FixState } | { readonly reason: string }

/**
 * Reads and judges what a mending comes to, in memory. It is no mending where the finding stays, another as severe one
 * comes, a statement cannot be read, the order of the migrations changes, or the schema at the end is another.
 */
export async function prove(
  finding: Finding,
  mending: Exclude<Mending, { readonly reason: string }>,
  state: FixState,
  input: FixInput,
): Promise<Proof> {
  const files = withFiles(state, mending)
  let migrations: readonly ParsedMigration[]
  try {
    migrations = await input.read(files)
  } catch (error) {
    return { reason: `the files would not be read: ${messageOf(error)}` }
  }
  const at = state.migrations.indexOf(mending.migration)
  const parts = migrations.slice(at, at + mending.added + 1)
  if (!keepsOrder(state.migrations, migrations, at, mending.added))
    return { reason: `no id is free behind ${mending.migration.id}` }
  if (problemsOf(parts) > problemsOf([mending.migration])) return { reason: 'a statement could not be read any more' }
  if (schemaAfter(migrations) !== schemaAfter(state.migrations)) return { reason: 'it would end in another schema' }
  const touched = new Set(mending.files.map(({ path }) => path))
  const idsOf = (all: readonly ParsedMigration[]): ReadonlySet<string> =>
    new Set(all.filter((one) => filesOf(one).some(({ path }) => touched.has(path))).map(({ id }) => id))
  const [old, fresh] = [idsOf(state.migrations), idsOf(migrations)]
  const before = state.findings.filter(({ migration }) => old.has(migration))
  const after = input.judge(migrations, fresh).findings
  const reason = worse(finding, before, after)
  if (reason !== undefined) return { reason }
  const others = state.findings.filter(({ migration }) => !old.has(migration))
  return { state: { files, migrations, findings: [...others, ...after] } }
}

function withFiles(
  { files }: FixState,
  { files: written, migration }: Exclude<Mending, { readonly reason: string }>,
): ReadonlyMap<string, NewText> {
  const all = new Map(files)
  const { path } = migration.source
  const own = new Set([path, ...(migration.down.kind === 'sql' ? [migration.down.section.source?.path ?? path] : [])])
  for (const { path: written_, text } of written) {
    const behind = own.has(written_) ? files.get(written_)?.behind : path
    all.set(written_, behind === undefined ? { text } : { text, behind })
  }
  return all
}

function keepsOrder(
  before: readonly ParsedMigration[],
  after: readonly ParsedMigration[],
  at: number,
  added: number,
): boolean {
  const others = [...after.slice(0, at + 1), ...after.slice(at + added + 1)].map(({ id }) => id)
  return others.length === before.length && before.every(({ id }, index) => id === others[index])
}

function problemsOf(migrations: readonly ParsedMigration[]): number {
  return migrations.reduce((sum, { upSql, downSql }) => sum + upSql.problems.length + downSql.problems.length, 0)
}

function schemaAfter(migrations: readonly ParsedMigration[]): string {
  const catalogue = new Catalogue()
  for (const migration of migrations) replayMigration(catalogue, migration)
  return schemaText(catalogue)
}

const severities: readonly Severity[] = ['info', 'warning', 'error']

function worse(finding: Finding, before: readonly Finding[], after: readonly Finding[]): string | undefined {
  const count = (findings: readonly Finding[], rule: string): number =>
    findings.filter((one) => one.rule === rule).length
  if (count(after, finding.rule) >= count(before, finding.rule)) return `${finding.rule} would still be reported`
  const limit = severities.indexOf(finding.severity)
  const more = after.find(({ rule, severity, statement }) => {
    const known = count(before, rule)
    // What is said of a whole file is said of each that it is cut into.
    const isNew = statement === 0 ? known === 0 : count(after, rule) > known
    return isNew && severities.indexOf(severity) >= limit
  })
  return more === undefined ? undefined : `${more.rule} would be reported instead`
}
