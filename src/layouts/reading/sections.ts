import type { Section, SourceFile, Tool } from '../../model/migration.ts'
import { splitStatements } from '../../sql/split.ts'
import type { LayoutOptions } from '../layout.ts'
import { Mask } from '../masking/mask.ts'
import { refusePsql } from '../masking/psql.ts'

/**
 * A section that its tool sends to the server as one simple query: from two statements on the server runs it in a
 * transaction of its own (documentation of PostgreSQL, "Multiple Statements in a Simple Query"). `own`: the migration's
 * file, where the section lies in another.
 */
export function sentAsOne(file: SourceFile, tool: Tool, options: LayoutOptions, own: SourceFile = file): Section {
  return sentMask(serverMask(file, tool), options, own)
}

/** The same for a text of which a part is overwritten already. */
export function sentMask(mask: Mask, { inTransaction }: LayoutOptions, own: SourceFile = mask.file): Section {
  const isImplicit = splitStatements(mask.sql).length > 1
  const section = mask.section(inTransaction ?? isImplicit, own)
  return isImplicit && inTransaction === undefined ? { ...section, implicit: true } : section
}

/** A section that its tool runs in a transaction. */
export function wrapped(
  file: SourceFile,
  tool: Tool,
  { inTransaction }: LayoutOptions,
  own: SourceFile = file,
): Section {
  return serverMask(file, tool).section(inTransaction ?? true, own)
}

/** A whole file that goes to the server as it is: what only psql understands is refused there. */
export function serverMask(file: SourceFile, tool: Tool): Mask {
  const mask = new Mask(file)
  refusePsql(mask, tool.name)
  return mask
}
