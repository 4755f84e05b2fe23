import { ToolkitError } from '../../core/errors.ts'
import type { ReleaseContract } from '../../model/captured.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import type { Context } from '../context.ts'
import { directoryHistoryIfAny } from '../context.ts'
import { idOf } from '../run-options.ts'
import type { DatabaseFacts } from './from-database.ts'
import type { CaptureRequest } from './request.ts'

export interface HeaderSources {
  readonly database: DatabaseFacts | undefined
  readonly contracts: readonly ReleaseContract[]
}

export interface Header {
  readonly release: string
  readonly migration: string | null
  /** How that is known. */
  readonly migrationFrom: 'option' | 'journal' | 'files' | 'directory' | null
  readonly role: string | null
  readonly searchPath: string | null
  /** Whether our own directory beside the migrations may be used. */
  readonly isOurs: boolean
}

/** @throws ToolkitError `command-invalid` without a release or with several, `migration-unknown` */
export async function headerOf(context: Context, request: CaptureRequest, sources: HeaderSources): Promise<Header> {
  const history = await directoryHistoryIfAny(context, 'read')
  const { queries } = context.loaded.config
  const { database, contracts } = sources
  return {
    release: releaseOf(request, contracts),
    ...migrationOf(request, sources, history),
    role: roleOf(request, queries.role) ?? database?.role ?? shared(contracts, 'role'),
    searchPath:
      request.searchPath ?? queries.searchPath ?? database?.searchPath ?? shared(contracts, 'searchPath') ?? null,
    isOurs: history.every(({ tool }) => tool === undefined),
  }
}

/** @throws ToolkitError `command-invalid` */
export function releaseOf({ release }: CaptureRequest, contracts: readonly ReleaseContract[]): string {
  const [first, ...others] = [
    ...new Set([...(release === undefined ? [] : [release]), ...contracts.map((one) => one.release)]),
  ]
  if (first === undefined) {
    throw new ToolkitError({
      code: 'command-invalid',
      message: 'Which release the queries are of was not said.',
      hint: 'Name it as you deploy it: --release 2026.11.1',
    })
  }
  if (others.length > 0) {
    throw new ToolkitError({
      code: 'command-invalid',
      message: `The queries are of several releases: ${[first, ...others].join(', ')}.`,
      hint: 'Capture each by itself: a contract is of one release.',
    })
  }
  if (/^[\w.+@-]+$/.test(first) && !first.startsWith('.')) return first
  throw new ToolkitError({
    code: 'command-invalid',
    message: `"${first}" cannot be the name of a release: a file is called like it.`,
    hint: 'Use letters, digits, and . _ + @ - in it.',
  })
}

/**
 * The journal of the database knows. Files of SQL belong to the release whose migrations lie beside them. Of logs and hooks
 * nobody knows on which schema they were written.
 */
function migrationOf(
  { at, fromLog, fromFiles }: CaptureRequest,
  { database, contracts }: HeaderSources,
  history: readonly ParsedMigration[],
): Pick<Header, 'migration' | 'migrationFrom'> {
  if (at !== undefined) return { migration: idOf(at, history), migrationFrom: 'option' }
  if (database !== undefined) {
    const applied = new Set(database.applied)
    const newest = history.findLast(({ id }) => applied.has(id))?.id ?? database.applied.toSorted().at(-1)
    if (newest !== undefined) return { migration: newest, migrationFrom: 'journal' }
  }
  const told = shared(contracts, 'migration')
  if (told !== null) return { migration: told, migrationFrom: 'files' }
  const onlyFiles = fromFiles.length > 0 && fromLog.length === 0 && contracts.length === 0 && database === undefined
  const last = onlyFiles ? history.at(-1)?.id : undefined
  return last === undefined ? { migration: null, migrationFrom: null } : { migration: last, migrationFrom: 'directory' }
}

function roleOf({ roles }: CaptureRequest, configured: string | undefined): string | undefined {
  return roles.length === 0 ? configured : roles.length === 1 ? roles[0] : undefined
}

/** What all files say that say it. */
function shared(contracts: readonly ReleaseContract[], field: 'migration' | 'role' | 'searchPath'): string | null {
  const [first = null, ...others] = [...new Set(contracts.flatMap((contract) => contract[field] ?? []))]
  return others.length === 0 ? first : null
}
