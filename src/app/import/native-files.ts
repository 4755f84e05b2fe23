import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { sha256 } from '../../core/hash.ts'
import type { SourceFile } from '../../model/migration.ts'
import type { RunMigration } from '../../run/run-migration.ts'
import { type Context, historyOf } from '../context.ts'
import { sourceFile, sourceSet } from '../source-files.ts'
import { forRunner } from '../target.ts'
import type { Converted } from './convert.ts'

/** A converted migration beside the file of ours that is there, or would be. */
export interface NativeFile {
  readonly converted: Converted
  /** As it is shown in messages. */
  readonly path: string
  readonly isThere: boolean
  readonly migration: RunMigration
  /** The file that is there means something else. */
  readonly differs: boolean
}

/** What our own files say, where they are there; else what they would say. */
export async function nativeFiles(context: Context, converted: readonly Converted[]): Promise<readonly NativeFile[]> {
  const drafts = converted.map((one) => {
    const path = join(context.directory, one.fileName)
    return { converted: one, path, draft: draftOf(path, one.text), found: fileAt(context.cwd, path) }
  })
  const expected = await read(
    context,
    drafts.map(({ draft }) => draft),
  )
  const actual = await read(
    context,
    drafts.map(({ draft, found }) => found ?? draft),
  )
  return drafts.flatMap(({ converted: one, path, found }): readonly NativeFile[] => {
    const migration = actual.get(path)
    if (migration === undefined) return []
    const differs = migration.meaning !== expected.get(path)?.meaning
    return [{ converted: one, path, isThere: found !== undefined, migration, differs }]
  })
}

async function read(context: Context, files: readonly SourceFile[]): Promise<ReadonlyMap<string, RunMigration>> {
  const history = await historyOf(context, sourceSet(files, context.cwd), { layout: 'native', purpose: 'run' })
  return new Map(forRunner(context, history).map((migration) => [migration.source.path, migration]))
}

function draftOf(path: string, text: string): SourceFile {
  return { path, text, sha256: sha256(text, 'hex') }
}

function fileAt(cwd: string, path: string): SourceFile | undefined {
  const full = resolve(cwd, path)
  return existsSync(full) ? sourceFile(path, readFileSync(full)) : undefined
}
