import { sha256 } from '../core/hash.ts'
import { asJson } from '../core/own-data.ts'
import type { Store } from '../core/store.ts'
import type { Finding } from '../model/finding.ts'
import type { Down, Migration, ParsedMigration, Section, SourceFile } from '../model/migration.ts'
import type { Question } from './history.ts'
import type { LintMigrationResult } from './lint-migration.ts'
import { filesOf } from './source-of.ts'

/**
 * One key a migration. It says everything that its findings and the schema after it depend on: all migrations up to
 * it, and the `circumstances`, which are the rules, their options and severities, and the server.
 */
export function historyKeys(migrations: readonly Migration[], circumstances: string): readonly string[] {
  let key = circumstances
  return migrations.map((migration) => {
    key = sha256(key + identityOf(migration), 'base64url')
    return key
  })
}

/** Everything that a layout read. What the dialect makes of it follows from it, and is not asked for here. */
function identityOf(migration: Migration): string {
  const rest = Object.keys(migration).filter((name) => !treated.has(name))
  return JSON.stringify([
    withoutText(migration.source),
    sectionOf(migration.up, migration.source),
    downOf(migration.down, migration.source),
    migration.allows.map((allow) => ({ ...allow, source: allow.source && withoutText(allow.source) })),
    rest.map((name): unknown => [name, Reflect.get(migration, name)]),
  ])
}

/** What holds files, and what the dialect made of them: asking for that would unpack it. */
const treated: ReadonlySet<string> = new Set<keyof ParsedMigration>([
  'source',
  'up',
  'down',
  'allows',
  'upSql',
  'downSql',
])

function downOf(down: Down, file: SourceFile): unknown {
  return down.kind === 'sql' ? sectionOf(down.section, file) : down
}

/** SQL that stands in the file as it is follows from the file and the span. */
function sectionOf({ source, sql, ...section }: Section, file: SourceFile): unknown {
  const isInFile = (source ?? file).text.startsWith(sql, section.span.start)
  return { ...section, source: source && withoutText(source), ...(isInFile ? {} : { sql }) }
}

/** The hash of a file's bytes stands for its text. */
function withoutText({ text: _text, ...file }: SourceFile): unknown {
  return file
}

/** What all findings of a rule share. */
type Shared = Pick<Finding, 'why' | 'hazards' | 'docs'>
/** Files are named by their paths. */
type Own = Omit<Finding, 'file' | keyof Shared> & { readonly path: string }

interface Kept {
  readonly allowed: number
  readonly shared: Readonly<Record<string, Shared>>
  readonly findings: readonly Own[]
  readonly answers: Answers
}

const keptFindings = asJson<Kept>()

/** What was asked besides what the key says, with the answers as texts. */
type Answers = readonly (readonly [Question, string])[]

export function keepFindings(
  store: Store,
  key: string,
  { findings, allowed }: LintMigrationResult,
  answers: Answers,
): void {
  const shared: Record<string, Shared> = {}
  const own = findings.map(({ file, why, hazards, docs, ...rest }): Own => {
    shared[rest.rule] ??= { why, hazards, ...(docs === undefined ? {} : { docs }) }
    return { ...rest, path: file.path }
  })
  store.set(findingsKey(key), keptFindings.pack({ allowed, shared, findings: own, answers }))
}

/** The findings of a migration as they were; undefined where they are not known, or a question had another answer. */
export function knownFindings(
  store: Store,
  key: string,
  migration: Migration,
  answerTo: (question: Question) => string,
): LintMigrationResult | undefined {
  const stored = store.get(findingsKey(key))
  if (stored === undefined) return undefined
  const { allowed, shared, findings, answers } = keptFindings.unpack(stored)
  if (answers.some(([question, answer]) => answerTo(question) !== answer)) return undefined
  return { allowed, findings: findings.flatMap((kept) => asItWas(kept, shared[kept.rule], filesOf(migration))) }
}

function asItWas({ path, ...own }: Own, shared: Shared | undefined, files: readonly SourceFile[]): Finding[] {
  const file = files.find((candidate) => candidate.path === path)
  return file === undefined || shared === undefined ? [] : [{ ...own, ...shared, file }]
}

function findingsKey(key: string): string {
  return `findings:${key}`
}
