import type { Dialect } from '../dialects/dialect.ts'
import { ReplayStep, nothingBefore, replay } from '../lint/replay.ts'
import { Catalogue } from '../lint/schema/catalogue.ts'
import { TransactionWalk } from '../lint/transaction.ts'
import type { Effect } from '../model/effect.ts'
import type { ParsedMigration } from '../model/migration.ts'
import type { Schema } from '../model/schema.ts'
import { type Statement, stepsOf } from '../model/statement.ts'

/**
 * What each statement of a history does to the tables that are there when its turn comes. Of other statements, such as
 * those of a downgrade, it is told for tables of which nothing is known, so that it is rather too much than too little.
 * Nothing is worked out before it is asked for.
 */
export function statementEffects(
  dialect: Dialect,
  history: readonly ParsedMigration[],
  major: number,
): (statement: Statement) => readonly Effect[] {
  const told = (statement: Statement, schema: Schema): readonly Effect[] =>
    statement.facts.flatMap((fact) => dialect.effects(fact, schema, major, { statement: statement.facts }))
  const known = new Map<Statement, readonly Effect[]>()
  const walked = walk(history, major, (statement, catalogue) => known.set(statement, told(statement, catalogue)))
  return (statement) => {
    while (!known.has(statement) && walked.next().done !== true);
    return known.get(statement) ?? told(statement, replay([], nothingBefore(major)))
  }
}

/** Goes through the history, a statement at each step. */
function* walk(
  history: readonly ParsedMigration[],
  major: number,
  meet: (statement: Statement, catalogue: Catalogue) => void,
): Generator<undefined> {
  const catalogue = new Catalogue(major)
  for (const { up, upSql } of history) {
    const transaction = new TransactionWalk(up.transaction)
    const step = new ReplayStep(catalogue, up, upSql)
    for (const whole of upSql.statements) {
      meet(whole, catalogue)
      for (const statement of stepsOf(whole)) step.apply(statement, transaction.advance(statement, []))
      yield
    }
  }
}
