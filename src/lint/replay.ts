import type { Fact } from '../model/fact.ts'
import type { ParsedMigration, Section } from '../model/migration.ts'
import type { SettingInForce, SettingsContext } from '../rules/rule.ts'
import { stepsOf } from '../model/statement.ts'
import type { ParsedSql, Statement } from '../model/statement.ts'
import { applyFact, changesSchema } from './schema/apply.ts'
import { Catalogue } from './schema/catalogue.ts'
import type { CatalogueMark } from './schema/catalogue.ts'
import type { KnownSchema } from './schema/known-schema.ts'
import { dropTemporary } from './schema/drop-objects.ts'
import { inPasses } from './schema/passes.ts'
import { resolvedDrops } from './schema/resolved-drops.ts'
import { setSearchPath } from './schema/session.ts'
import { SettingsWalk } from './settings.ts'
import type { TransactionEvent } from './transaction.ts'
import { TransactionWalk } from './transaction.ts'

/** The schema after these migrations, applied one after the other to what is there, or to an empty database. */
export function replay(migrations: readonly ParsedMigration[], start: Beginning = nothingBefore()): KnownSchema {
  const catalogue = start.catalogue()
  for (const migration of migrations) if (start.replays(migration)) replayMigration(catalogue, migration)
  return catalogue
}

/** The beginning of a history that makes everything itself, on a server of a major version; undefined: the newest. */
export function nothingBefore(server?: number): HistoryStart {
  return { key: '', catalogue: () => new Catalogue(server), replays: () => true }
}

/** The schema that a history begins with. */
export interface Beginning {
  catalogue(): Catalogue
  /** Whether a migration is not in that schema yet. */
  replays(migration: ParsedMigration): boolean
}

/** A beginning that findings are kept for. */
export interface HistoryStart extends Beginning {
  /** Another text for another beginning. */
  readonly key: string
}

/** Applies the up section of one migration. */
export function replayMigration(catalogue: Catalogue, migration: ParsedMigration): void {
  const walk = new TransactionWalk(migration.up.transaction)
  const step = new ReplayStep(catalogue, migration.up, migration.upSql)
  for (const whole of migration.upSql.statements) {
    for (const statement of stepsOf(whole)) step.apply(statement, walk.advance(statement, []))
  }
}

/** Applies the statements of one section, and takes back what a ROLLBACK of the file takes back. */
export class ReplayStep {
  private readonly catalogue: Catalogue
  /** The catalogue keeps what changes only where the file rolls something back. */
  private readonly rollsBack: boolean
  private atBegin: CatalogueMark | undefined
  private savepoints: CatalogueMark[] = []
  private readonly settingsWalk: SettingsWalk
  private searchPath: SettingInForce | undefined

  constructor(catalogue: Catalogue, { transaction }: Section, { statements }: ParsedSql) {
    this.catalogue = catalogue
    this.settingsWalk = new SettingsWalk(transaction)
    catalogue.beginMigration()
    dropTemporary(catalogue)
    this.rollsBack = statements.some(({ facts }) => facts.some(isRollback))
    if (this.rollsBack && transaction) this.atBegin = catalogue.mark()
  }

  /** The state before the next statement. */
  settings(): SettingsContext {
    return this.settingsWalk.context()
  }

  apply(statement: Statement, event: TransactionEvent): void {
    if (event !== 'none') this.follow(event)
    this.settingsWalk.advance(statement.facts, event)
    this.followSearchPath()
    this.applyFacts(statement.facts)
    // It is taken for run, which is what it was written for; whether it did is not known.
    if (statement.mayRun === true && statement.facts.some(changesSchema)) this.catalogue.complete = false
  }

  private applyFacts(facts: readonly Fact[]): void {
    const { searchPath } = this.catalogue
    const [first, ...elements] = facts
    // What CREATE SCHEMA makes with it is looked up there first.
    if (first?.kind === 'create-schema' && elements.length > 0)
      this.catalogue.searchPath = [first.schema, ...searchPath]
    for (const fact of resolvedDrops(this.catalogue, inPasses(facts))) applyFact(this.catalogue, fact)
    this.catalogue.searchPath = searchPath
  }

  private followSearchPath(): void {
    const searchPath = this.settings().get('search_path')
    if (searchPath === this.searchPath) return
    this.searchPath = searchPath
    setSearchPath(this.catalogue, searchPath)
  }

  private follow(event: TransactionEvent): void {
    if (!this.rollsBack) return
    if (event === 'begun') this.atBegin = this.catalogue.mark()
    if (event === 'savepoint') this.savepoints.push(this.catalogue.mark())
    const saved =
      event === 'rolled-back' ? this.atBegin : event === 'rolled-back-to' ? this.savepoints.at(-1) : undefined
    if (saved !== undefined) this.catalogue.backTo(saved)
    if (event === 'rolled-back' || event === 'committed') {
      this.atBegin = undefined
      this.savepoints = []
    }
  }
}

function isRollback(fact: Statement['facts'][number]): boolean {
  return fact.kind === 'transaction' && (fact.action === 'rollback' || fact.action === 'rollback-to')
}
