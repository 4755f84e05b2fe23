import type { Span } from '../core/span.ts'

/** What a statement does, or may do, that is not in its database. */
export interface SideEffect {
  readonly span: Span
  /**
   * `outside`: files and programs of the server's machine, other servers, code of libraries. `cluster`: what all databases
   * of a server share, such as roles.
   */
  readonly reach: 'outside' | 'cluster'
  /** A sentence that names the statement or function. */
  readonly what: string
}
