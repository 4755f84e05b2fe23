import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Collector } from '../../capture/collector.ts'
import { readSqlFile } from '../../capture/files/sql-file.ts'
import { readContract } from '../../capture/read-contract.ts'
import { ToolkitError } from '../../core/errors.ts'
import { fileReason } from '../../core/file-reason.ts'
import type { ReleaseContract } from '../../model/captured.ts'
import type { Context } from '../context.ts'
import { sourceFile } from '../source-files.ts'
import { expandFiles } from './expand.ts'

/**
 * Gives the statements of files of SQL to the collector.
 *
 * @throws ToolkitError `file-unreadable`, `file-not-utf8`
 */
export function captureFiles(context: Context, patterns: readonly string[], collector: Collector): void {
  for (const file of expandFiles(patterns, context.cwd, '.sql')) {
    const { texts, problems } = readSqlFile(textOf(context, file), file, context.dialect.queries)
    for (const text of texts) collector.add(text)
    for (const { place, why } of problems) collector.leaveOut('not-understood', `${place} ${why}`)
  }
}

/**
 * Gives the statements of hooks to the collector; answers with what their files say beside.
 *
 * @throws ToolkitError `file-unreadable`, `file-not-utf8`, `queries-invalid`
 */
export function captureJsonl(
  context: Context,
  patterns: readonly string[],
  collector: Collector,
): readonly ReleaseContract[] {
  return expandFiles(patterns, context.cwd, '.jsonl').map((file) => {
    const contract = readContract(textOf(context, file), file)
    for (const statement of contract.statements) collector.add(statement)
    return contract
  })
}

function textOf({ cwd }: Context, file: string): string {
  try {
    return sourceFile(file, readFileSync(resolve(cwd, file))).text
  } catch (error) {
    if (error instanceof ToolkitError) throw error
    throw new ToolkitError({
      code: 'file-unreadable',
      message: `"${file}" cannot be read: ${fileReason(error)}`,
      hint: 'Check the path and its permissions.',
      cause: error,
    })
  }
}
