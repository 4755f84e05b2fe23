import { ToolkitError } from '../../core/errors.ts'
import type { ErrorCode } from '../../core/error-codes.ts'
import { listOf } from '../../core/text.ts'

/** More names than this are counted. */
const named = 10

/** A plan was made for something else than there is: what, and that nothing was changed. */
export function mismatch(code: ErrorCode, message: string, differences: readonly string[] = []): ToolkitError {
  const shown = differences.slice(0, named)
  const more = differences.length - shown.length
  return new ToolkitError({
    code,
    message: `${message} Nothing was changed.`,
    ...(differences.length === 0
      ? {}
      : { details: [...shown, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n') }),
    hint: 'Look at what differs, then make the plan again: migrate up --dry-run --output plan.json',
  })
}

/** `a, b and c`, or the first few and how many more. */
export function idsText(ids: readonly string[]): string {
  return ids.length > named ? `${ids.slice(0, named).join(', ')} and ${ids.length - named} more` : listOf(ids)
}
