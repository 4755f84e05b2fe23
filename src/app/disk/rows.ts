import { formatBytes } from '../../core/bytes.ts'
import { listOf } from '../../core/text.ts'
import type { BackfillProgress } from '../../model/journal.ts'
import type { Fact } from '../../model/fact.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import { type Name, nameText } from '../../model/name.ts'
import type { SnapshotTable } from '../../model/snapshot.ts'
import type { DiskNeed } from './need.ts'

/** What rows are made of: tables that are there, and views that the history makes. */
export interface RowSources {
  readonly sizes: readonly SnapshotTable[]
  readonly history: readonly ParsedMigration[]
  /** How far backfills came in earlier runs: what is done is not written again. */
  readonly backfills: readonly BackfillProgress[]
}

/**
 * What statements may write that change or copy rows by themselves: at most so much, as each row of what they name is
 * written once. A change that picks rows by constants does not count unless it is cut into batches, as what is does so
 * because it is long; nor does what cannot be known: rows of functions, of COPY, and joins that multiply.
 */
export function rowNeeds(migration: ParsedMigration, sources: RowSources): readonly DiskNeed[] {
  const { id, upSql, backfill } = migration
  const left = shareLeft(sources.backfills.find((one) => one.migration === id))
  return upSql.statements.flatMap(({ facts }, index) =>
    facts.flatMap((fact): readonly DiskNeed[] => {
      const found = writtenBy(fact, backfill !== undefined, sources)
      const bytes = Math.round((found?.bytes ?? 0) * left)
      if (found === undefined || bytes === 0) return []
      return [{ bytes, what: `${id}, statement ${index + 1}: ${found.words}, up to ${formatBytes(bytes)}` }]
    }),
  )
}

/** Of the rows of a backfill, from 0 to 1. */
function shareLeft(progress: BackfillProgress | undefined): number {
  if (progress === undefined || progress.rowsEstimated === 0) return 1
  return Math.max(0, 1 - progress.rowsDone / progress.rowsEstimated)
}

interface Written {
  readonly bytes: number
  readonly words: string
}

/** Rows and their log; a temporary table has none, and rows that are only deleted are nothing but log. */
function writtenBy(fact: Fact, inBatches: boolean, sources: RowSources): Written | undefined {
  switch (fact.kind) {
    case 'update':
      if (fact.picksRows === true && !inBatches) return undefined
      return { bytes: 2 * bytesOf([fact.table], sources), words: `rows of ${nameText(fact.table)} are updated` }
    case 'merge':
      return {
        bytes: 2 * bytesOf([fact.table, ...fact.reads.map(({ table }) => table)], sources),
        words: `rows of ${nameText(fact.table)} are merged`,
      }
    case 'delete':
      if (fact.picksRows === true && !inBatches) return undefined
      return { bytes: bytesOf([fact.table], sources), words: `rows of ${nameText(fact.table)} are deleted` }
    case 'insert':
      return fact.source === 'select' ? copied(fact.reads, sources, 2) : undefined
    case 'create-table-as':
      return fact.withData ? copied(fact.reads, sources, fact.temporary ? 1 : 2) : undefined
    case 'create-view':
      return fact.materialized && fact.withData ? copied(fact.reads, sources, 2) : undefined
    case 'refresh-materialized-view':
      if (!fact.withData) return undefined
      return { bytes: 2 * bytesOf([fact.view], sources), words: `${nameText(fact.view)} is filled anew` }
    default:
      return undefined
  }
}

function copied(reads: readonly { readonly table: Name }[], sources: RowSources, times: number): Written {
  const tables = reads.map(({ table }) => table)
  return {
    bytes: times * bytesOf(tables, sources),
    words: `rows of ${listOf([...new Set(tables.map(nameText))])} are copied`,
  }
}

/** How large they are together; of a view, or of a materialized one that is empty, what it reads is. */
function bytesOf(names: readonly Name[], sources: RowSources, passed: ReadonlySet<string> = new Set()): number {
  return names
    .map((name) => {
      const size = sources.sizes.find((one) => isSame(name, one))
      if (size !== undefined && size.heapBytes > 0) return size.bytes
      const text = nameText(name)
      const view = passed.has(text) ? undefined : viewOf(name, sources.history)
      return view === undefined ? 0 : bytesOf(view, sources, new Set([...passed, text]))
    })
    .reduce((sum, bytes) => sum + bytes, 0)
}

/** What the view of that name reads, as the history makes it last. */
function viewOf(name: Name, history: readonly ParsedMigration[]): readonly Name[] | undefined {
  return history
    .flatMap(({ upSql }) => upSql.statements.flatMap(({ facts }) => facts))
    .flatMap((fact) => (fact.kind === 'create-view' && isSame(name, fact.view) ? [fact] : []))
    .at(-1)
    ?.reads.map(({ table }) => table)
}

function isSame(one: Name, other: { readonly schema?: string | undefined; readonly name: string }): boolean {
  return (
    one.name === other.name && (one.schema === undefined || other.schema === undefined || one.schema === other.schema)
  )
}
