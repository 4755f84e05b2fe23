import type { ParsedMigration } from '../model/migration.ts'
import type { Schema } from '../model/schema.ts'
import type { Statement } from '../model/statement.ts'
import { applyFact } from './schema/apply.ts'
import { Catalogue } from './schema/catalogue.ts'
import type { TransactionEvent } from './transaction.ts'
import { TransactionWalk } from './transaction.ts'

/** The schema after these migrations, applied one after the other to an empty database. */
export function replay(migrations: readonly ParsedMigration[]): Schema {
  const catalogue = new Catalogue()
  for (const migration of migrations) replayMigration(catalogue, migration)
  return catalogue
}

/** Applies the up section of one migration. */
export function replayMigration(catalogue: Catalogue, migration: ParsedMigration): void {
  const walk = new TransactionWalk(migration.up.transaction)
  const step = new ReplayStep(catalogue, migration)
  for (const statement of migration.upSql.statements) step.apply(statement, walk.advance(statement.facts, []))
}

type SavedCatalogue = ReturnType<Catalogue['save']>

/** Applies the statements of one migration, and takes back what a ROLLBACK of the file takes back. */
export class ReplayStep {
  private readonly catalogue: Catalogue
  /** The state is saved only where the file rolls something back: a copy of the catalogue is not cheap. */
  private readonly rollsBack: boolean
  private atBegin: SavedCatalogue | undefined
  private savepoints: SavedCatalogue[] = []
  private searchPath: readonly string[] | undefined

  constructor(catalogue: Catalogue, migration: ParsedMigration) {
    this.catalogue = catalogue
    catalogue.beginMigration()
    this.rollsBack = migration.upSql.statements.some(({ facts }) => facts.some(isRollback))
    if (this.rollsBack && migration.up.transaction) this.atBegin = catalogue.save()
  }

  apply(statement: Statement, event: TransactionEvent): void {
    if (event !== 'none') this.follow(event)
    for (const fact of statement.facts) {
      if (fact.kind === 'set-setting' && fact.local) this.searchPath ??= this.catalogue.searchPath
      applyFact(this.catalogue, fact)
    }
  }

  private follow(event: TransactionEvent): void {
    if (event === 'committed' || event === 'rolled-back') this.endLocalSettings()
    if (!this.rollsBack) return
    if (event === 'begun') this.atBegin = this.catalogue.save()
    if (event === 'savepoint') this.savepoints.push(this.catalogue.save())
    const saved =
      event === 'rolled-back' ? this.atBegin : event === 'rolled-back-to' ? this.savepoints.at(-1) : undefined
    if (saved !== undefined) this.catalogue.restore(saved)
    if (event === 'rolled-back' || event === 'committed') {
      this.atBegin = undefined
      this.savepoints = []
    }
  }

  private endLocalSettings(): void {
    if (this.searchPath !== undefined) this.catalogue.searchPath = this.searchPath
    this.searchPath = undefined
  }
}

function isRollback(fact: Statement['facts'][number]): boolean {
  return fact.kind === 'transaction' && (fact.action === 'rollback' || fact.action === 'rollback-to')
}
