import { z } from 'zod'
import { readFile } from 'node:fs/promises'
import { ToolkitError } from '../core/errors.ts'
import { fileReason } from '../core/file-reason.ts'
import { parseJson } from '../core/json.ts'
import { snapshotVersion } from '../model/snapshot.ts'
import type { Snapshot } from '../model/snapshot.ts'

const name = z.strictObject({ schema: z.string().optional(), name: z.string() }).transform(withoutAbsent)

const names = z.array(z.string())
const inherited = z.strictObject({ columns: names, constraints: names, notNulls: names })

const shape = z.strictObject({
  version: z.literal(snapshotVersion),
  server: z.int(),
  applied: z.array(z.string()).optional(),
  journal: z.literal('unreadable').optional(),
  unread: z.array(z.string()).optional(),
  statements: z.array(
    z.strictObject({
      sql: z.string(),
      of: name,
      invalid: z.literal(true).optional(),
      natural: z.literal(true).optional(),
      inherited: inherited.optional(),
    }),
  ),
  tables: z.array(
    z.strictObject({
      schema: z.string(),
      name: z.string(),
      rows: z.number().nonnegative().optional(),
      bytes: z.number().nonnegative(),
      heapBytes: z.number().nonnegative(),
    }),
  ),
})

function withoutAbsent({
  schema,
  name: own,
}: {
  schema?: string | undefined
  name: string
}): Snapshot['statements'][number]['of'] {
  return schema === undefined ? { name: own } : { schema, name: own }
}

/** A snapshot as its file holds it: one statement and one table a line, so that changes are small. */
export function snapshotText({ version, server, applied, journal, unread, statements, tables }: Snapshot): string {
  const head = [
    `  "version": ${version}`,
    `  "server": ${server}`,
    ...(applied === undefined ? [] : [`  "applied": ${JSON.stringify(applied)}`]),
    ...(journal === undefined ? [] : [`  "journal": ${JSON.stringify(journal)}`]),
    ...(unread === undefined ? [] : [`  "unread": ${JSON.stringify(unread)}`]),
  ]
  return `{\n${[...head, list('statements', statements), list('tables', tables)].join(',\n')}\n}\n`
}

function list(key: string, items: readonly object[]): string {
  const lines = items.map((item) => `    ${JSON.stringify(item)}`)
  return `  "${key}": ${lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`}`
}

/**
 * Reads what `migrate snapshot` has written.
 *
 * @throws ToolkitError `file-unreadable`, `snapshot-invalid`
 */
export async function readSnapshotFile(path: string, shown: string): Promise<Snapshot> {
  const value = valueOf(await textOf(path, shown), shown)
  const version: unknown = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined
  if (typeof version === 'number' && version < snapshotVersion)
    throw invalid(shown, `an older version of the program has written it, which did not read every kind of object`)
  if (typeof version === 'number' && version > snapshotVersion)
    throw invalid(shown, `its version is ${version}, and this program knows version ${snapshotVersion}`)
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalid(shown, `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'it has another form'}`)
}

async function textOf(path: string, shown: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new ToolkitError({
      code: 'file-unreadable',
      message: `The snapshot "${shown}" cannot be read: ${fileReason(error)}.`,
      hint: `Write it with: migrate snapshot --url postgres://… --output ${shown}`,
      cause: error,
    })
  }
}

function valueOf(text: string, shown: string): unknown {
  try {
    return parseJson(text)
  } catch {
    throw invalid(shown, 'it is not JSON')
  }
}

function invalid(shown: string, why: string): ToolkitError {
  return new ToolkitError({
    code: 'snapshot-invalid',
    message: `The snapshot "${shown}" cannot be used: ${why}.`,
    hint: `Write it anew with this version of the program: migrate snapshot --url postgres://… --output ${shown}`,
  })
}
