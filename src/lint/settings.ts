import type { SetSetting, Fact } from '../model/fact.ts'
import type { SettingInForce, SettingsContext } from '../rules/rule.ts'
import type { TransactionEvent } from './transaction.ts'

type Values = ReadonlyMap<string, SettingInForce>

interface State {
  /** Of SET and RESET: kept when the transaction commits. */
  readonly session: Values
  /** Of SET LOCAL: gone when the transaction ends. */
  readonly local: Values
}

const none: State = { session: new Map(), local: new Map() }

/**
 * Follows the settings of the session through one section. As in the server, SET LOCAL ends with its transaction and
 * does nothing outside one, and a rollback takes back what was set since then (PostgreSQL documentation, "SET").
 */
export class SettingsWalk {
  private open: boolean
  private state: State = none
  private atBegin: State = none
  private savepoints: State[] = []
  private readonly ever = new Map<string, SettingInForce>()

  constructor(wrapped: boolean) {
    this.open = wrapped
  }

  /** The state before the next statement. */
  context(): SettingsContext {
    const { session, local } = this.state
    return {
      get: (setting) => local.get(setting) ?? session.get(setting),
      last: (setting) => this.ever.get(setting),
    }
  }

  /** A statement ran, with these facts, and this happened to its transaction. */
  advance(facts: readonly Fact[], event: TransactionEvent): void {
    if (event !== 'none') this.follow(event)
    for (const fact of facts) if (fact.kind === 'set-setting') this.set(fact)
  }

  private follow(event: TransactionEvent): void {
    if (event === 'savepoint') this.savepoints.push(this.state)
    if (event === 'rolled-back-to') this.state = this.savepoints.at(-1) ?? this.state
    if (event === 'rolled-back') this.state = this.atBegin
    if (event === 'savepoint' || event === 'rolled-back-to') return
    this.open = event === 'begun'
    this.savepoints = []
    if (this.state.local.size > 0) this.state = { session: this.state.session, local: none.local }
    this.atBegin = this.state
  }

  private set(fact: SetSetting): void {
    const { setting, value, milliseconds, local, span, computed = false } = fact
    if (local && !this.open) return
    if (setting === 'all') {
      this.state = none
      return
    }
    const inForce: SettingInForce = { setting, value, milliseconds, computed, local, span }
    this.ever.set(setting, inForce)
    const { session, local: localOnly } = this.state
    if (local) {
      this.state = { session, local: new Map(localOnly).set(setting, inForce) }
      return
    }
    const kept = new Map(localOnly)
    kept.delete(setting)
    this.state = { session: new Map(session).set(setting, inForce), local: kept }
  }
}
