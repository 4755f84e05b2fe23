import { sha256 } from '../core/hash.ts'
import type { Span } from '../core/span.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Finding } from '../model/finding.ts'
import type { ParsedMigration, SourceFile } from '../model/migration.ts'
import { downSource, upSource } from './source-of.ts'

/** A finding as rules and the engine make it. */
export type BareFinding = Omit<Finding, 'migration' | 'within' | 'fingerprint'>

/** Hexadecimal digits: 128 bits, so that equal ones mean equal findings. */
const digits = 32

/** Findings of one migration, in order of place, with what tells each of them from all others. */
export function withFingerprints(
  migration: ParsedMigration,
  findings: readonly BareFinding[],
  dialect: Pick<Dialect, 'meaning'>,
): readonly Finding[] {
  const spans = new Map<SourceFile, readonly Span[]>()
  const seen = new Map<string, number>()
  const meanings = new Map<string, string>()
  return findings.map((finding) => {
    const { text } = finding.file
    const inFile = spans.get(finding.file) ?? statementSpans(migration, finding.file)
    spans.set(finding.file, inFile)
    const at = finding.span.start
    const within = inFile.find(({ start, end }) => start <= at && at < end) ?? finding.span
    const sql = text.slice(within.start, within.end)
    const meaning = meanings.get(sql) ?? dialect.meaning(sql)
    meanings.set(sql, meaning)
    const identity = JSON.stringify([finding.rule, migration.id, meaning])
    const ordinal = seen.get(identity) ?? 0
    seen.set(identity, ordinal + 1)
    return { ...finding, migration: migration.id, within, fingerprint: hash(`${identity}${ordinal}`) }
  })
}

/** Statements of a file of the migration, those that the grammar refuses too. */
function statementSpans(migration: ParsedMigration, file: SourceFile): readonly Span[] {
  const { upSql, downSql } = migration
  const parts = [...(upSource(migration) === file ? [upSql] : []), ...(downSource(migration) === file ? [downSql] : [])]
  return parts.flatMap(({ statements, problems }) => [
    ...statements.map(({ span }) => span),
    ...problems.map(({ statement }) => statement),
  ])
}

function hash(text: string): string {
  return sha256(text, 'hex').slice(0, digits)
}
