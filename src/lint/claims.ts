import type { Dialect } from '../dialects/dialect.ts'
import type { Effect } from '../model/effect.ts'
import type { ParsedMigration, Section } from '../model/migration.ts'
import type { ParsedSql } from '../model/statement.ts'
import { type Beginning, ReplayStep, nothingBefore, replayMigration } from './replay.ts'
import { TransactionWalk } from './transaction.ts'

/** What the rules take for granted that each statement of a migration does to tables which were there before. */
export interface Claims {
  /** In the order of the statements. */
  readonly up: readonly (readonly Effect[])[]
  readonly down: readonly (readonly Effect[])[]
}

/** The claims about the migrations `wanted`, by id; the others are only replayed. */
export function claimsOf(
  history: readonly ParsedMigration[],
  wanted: ReadonlySet<string>,
  {
    dialect,
    target,
    start,
  }: { readonly dialect: Dialect; readonly target: number; readonly start?: Beginning | undefined },
): ReadonlyMap<string, Claims> {
  const catalogue = (start ?? nothingBefore(target)).catalogue()
  const claims = new Map<string, Claims>()
  const sectionClaims = (step: ReplayStep, section: Section, { statements }: ParsedSql): Claims['up'] => {
    const walk = new TransactionWalk(section.transaction)
    return statements.map((statement) => {
      const effects = statement.facts
        .flatMap((fact) => dialect.effects(fact, catalogue, target, { statement: statement.facts }))
        .filter(({ table }) => !catalogue.isNew(table))
      step.apply(statement, walk.advance(statement, []))
      return effects
    })
  }
  for (const migration of history) {
    if (!wanted.has(migration.id)) {
      if (start?.replays(migration) !== false) replayMigration(catalogue, migration)
      continue
    }
    const { up, upSql, down, downSql } = migration
    const upClaims = sectionClaims(new ReplayStep(catalogue, up, upSql), up, upSql)
    let downClaims: Claims['down'] = []
    if (down.kind === 'sql') {
      const step = new ReplayStep(catalogue, down.section, downSql)
      // A mark counts for the migration that the catalogue is at.
      const after = catalogue.mark()
      downClaims = sectionClaims(step, down.section, downSql)
      catalogue.backTo(after)
    }
    claims.set(migration.id, { up: upClaims, down: downClaims })
  }
  return claims
}
