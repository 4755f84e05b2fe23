import type { Span } from '../core/span.ts'
import type { HeldLock, TransactionContext } from '../rules/rule.ts'
import type { Effect } from '../model/effect.ts'
import type { Fact, TransactionControl } from '../model/fact.ts'
import { blocksWrites, strongerLock } from '../model/lock.ts'
import type { Name } from '../model/name.ts'
import type { Statement } from '../model/statement.ts'

/** What ended with a statement, so that the schema can follow it. */
export type TransactionEvent = 'none' | 'begun' | 'committed' | 'rolled-back' | 'savepoint' | 'rolled-back-to'

/**
 * Follows the transactions of one section: the runner's, and those that the file begins and ends itself. As in the
 * server, BEGIN inside a transaction and COMMIT outside one do nothing, and a COMMIT of the file ends the runner's
 * transaction: the rest runs statement by statement.
 */
export class TransactionWalk {
  private open: boolean
  private facts: Fact[] = []
  private held = new Map<string, HeldLock>()

  constructor(wrapped: boolean) {
    this.open = wrapped
  }

  /** The state before the next statement; to be read before `advance` is called. */
  context(): TransactionContext {
    return new Standing(this.open, this.facts, this.held)
  }

  /** A statement ran, with these facts and these effects on tables that others can see. */
  advance({ facts, span }: Statement, effects: readonly Effect[]): TransactionEvent {
    for (const fact of facts) if (fact.kind === 'transaction') return this.control(fact)
    if (!this.open) return 'none'
    this.facts.push(...facts)
    for (const effect of effects) this.hold(effect, span)
    for (const fact of facts) this.follow(fact, effects)
    return 'none'
  }

  /** A lock stays with its table, whatever that is called from now on. */
  private follow(fact: Fact, [renamed]: readonly Effect[]): void {
    if (renamed === undefined || (fact.kind !== 'rename-table' && fact.kind !== 'set-schema')) return
    const from = renamed.table
    const to = fact.kind === 'rename-table' ? { ...from, name: fact.to } : { ...from, schema: fact.to }
    this.held = new Map(
      [...this.held].map(([key, lock]) => (key === keyOf(from) ? [keyOf(to), { ...lock, table: to }] : [key, lock])),
    )
  }

  /**
   * A block of procedural code begins: what it runs is one transaction, also where none was open. Gives what to do when
   * it has ended.
   */
  enterBlock(): () => void {
    if (this.open) return () => undefined
    this.start(true)
    return () => this.start(false)
  }

  private control(fact: TransactionControl): TransactionEvent {
    switch (fact.action) {
      case 'begin':
        if (this.open) return 'none'
        this.start(true)
        return 'begun'
      case 'commit':
      case 'prepare':
        this.start(false)
        return 'committed'
      case 'rollback':
        this.start(false)
        return 'rolled-back'
      case 'savepoint':
        return 'savepoint'
      case 'rollback-to':
        return 'rolled-back-to'
      case 'release':
      case 'other':
        return 'none'
    }
  }

  private start(open: boolean): void {
    this.open = open
    this.facts = []
    this.held = new Map()
  }

  private hold(effect: Effect, since: Span): void {
    const key = keyOf(effect.table)
    const before = this.held.get(key)
    if (before === undefined) {
      this.held.set(key, { ...effect, since })
      return
    }
    const both = merged(before, effect)
    if (blocksWrites(before.lock) || !blocksWrites(effect.lock)) this.held.set(key, { ...both, since: before.since })
    else {
      // Only now does anybody wait for it, so it comes behind those that are waited for already.
      this.held.delete(key)
      this.held.set(key, { ...both, since })
    }
  }
}

class Standing implements TransactionContext {
  readonly open: boolean
  readonly earlier: readonly Fact[]
  private readonly held: ReadonlyMap<string, HeldLock>

  constructor(open: boolean, earlier: readonly Fact[], held: ReadonlyMap<string, HeldLock>) {
    this.open = open
    this.earlier = earlier
    this.held = held
  }

  get locks(): readonly HeldLock[] {
    return [...this.held.values()]
  }
}

function keyOf({ schema = '', name }: Name): string {
  return `${schema}\0${name}`
}

/** The strongest of two effects on one table. */
export function merged(a: Effect, b: Effect): Effect {
  return {
    table: a.table,
    lock: strongerLock(a.lock, b.lock),
    rewrites: a.rewrites || b.rewrites,
    scans: a.scans || b.scans,
  }
}
