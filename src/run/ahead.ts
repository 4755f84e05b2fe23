import { ToolkitError } from '../core/errors.ts'
import type { SectionAttempt } from './section-attempt.ts'

/** A migration whose statements were sent along with the COMMIT of the one before it. */
export interface SentAhead {
  readonly section: SectionAttempt
  /** The server's answer to them; aborting the run cancels them. */
  readonly answer: Promise<void>
}

/** What a session has been sent ahead: at most one migration, whose turn comes next. */
export class Ahead {
  #sent: SentAhead | undefined

  keep(sent: SentAhead): void {
    this.#sent = sent
  }

  /** What was sent of this migration. Whoever takes it ends its transaction. */
  take(migration: string): SentAhead | undefined {
    const sent = this.#sent
    if (sent !== undefined && sent.section.work.migration !== migration)
      throw new ToolkitError({ code: 'bug', message: `${sent.section.work.migration} was sent ahead of ${migration}.` })
    this.#sent = undefined
    return sent
  }

  /** Ends what nobody took. `rollback` rolls back what is open. */
  async abandon(cancel: () => Promise<void>, rollback: () => Promise<void>): Promise<void> {
    const sent = this.#sent
    if (sent === undefined) return
    this.#sent = undefined
    await cancel().catch(() => undefined)
    await sent.answer.catch(() => undefined)
    await rollback()
  }
}
