import { exampleHistory } from '../../scripts/measure/example-migrations.ts'
import type { MeasuredEffect } from '../../scripts/measure/measure-example.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { lint } from '../../src/lint/lint.ts'
import type { Effect } from '../../src/model/effect.ts'
import { strongerLock } from '../../src/model/lock.ts'
import type { FactKind } from '../../src/model/fact.ts'
import { stepsOf } from '../../src/model/statement.ts'
import { nameText } from '../../src/model/name.ts'
import type { Name } from '../../src/model/name.ts'
import { defineRule } from '../../src/rules/rule.ts'
import type { Rule, RuleExample } from '../../src/rules/rule.ts'

/**
 * What the dialect claims about the bad migration of an example: for each table that existed before it, the strongest
 * lock, whether it is rewritten, and whether all of it is read.
 */
export function claimedEffects(example: RuleExample, target: number): readonly MeasuredEffect[] {
  const { given, judged } = exampleHistory(example, 'bad')
  const claims = new Map<string, Effect>()
  const report = new Set(judged.map((migration) => migration.id))
  const rules = [listening(judged, claims)]
  lint({ history: [...given, ...judged], report, rules, dialect: postgres, target })
  return [...claims]
    .map(([table, { lock, rewrites, scans }]) => ({ table, lock, rewrites, scans }))
    .toSorted((a, b) => (a.table < b.table ? -1 : 1))
}

/** The example is about SQL that is not looked into, so nothing is claimed about it. */
export function claimsNothing(example: RuleExample): boolean {
  const facts = exampleHistory(example, 'bad').judged.flatMap(({ upSql }) =>
    upSql.statements.flatMap(stepsOf).flatMap(({ facts }) => facts),
  )
  return facts.some((fact) => fact.kind === 'dynamic-sql' || (fact.kind === 'select' && fact.functions.length > 0))
}

/** Tables that the bad migration changes, reads by a query or copies, as `public.name`. */
export function queriedTables(example: RuleExample): ReadonlySet<string> {
  const facts = exampleHistory(example, 'bad').judged.flatMap(({ upSql }) =>
    upSql.statements.flatMap(({ facts }) => facts),
  )
  const names = facts.flatMap((fact) => {
    if (fact.kind === 'refresh-materialized-view') return readsOfView(example, fact.view)
    const changed = fact.kind === 'update' || fact.kind === 'delete' || fact.kind === 'insert' ? [fact.table] : []
    return [...changed, ...('reads' in fact ? fact.reads.map(({ table }) => table) : [])]
  })
  return new Set(names.map(({ schema = 'public', name }) => nameText({ schema, name })))
}

/** What the query of a view reads, which a refresh runs again. */
function readsOfView(example: RuleExample, { name }: Name): readonly Name[] {
  return exampleHistory(example, 'bad')
    .given.flatMap(({ upSql }) => upSql.statements.flatMap(({ facts }) => facts))
    .flatMap((fact) => (fact.kind === 'create-view' && fact.view.name === name ? fact.reads : []))
    .map(({ table }) => table)
}

/** A rule that reports nothing and writes down the effects of every fact that it is shown. */
function listening(judged: ReturnType<typeof exampleHistory>['judged'], claims: Map<string, Effect>): Rule {
  const facts = judged.flatMap(({ upSql }) => upSql.statements.flatMap((statement) => statement.facts))
  const looksAt: readonly FactKind[] = [...new Set(facts.map((fact) => fact.kind))]
  return defineRule({
    id: 'listening',
    summary: '',
    severity: 'info',
    direction: 'up',
    hazards: [],
    looksAt,
    sources: [],
    why: '',
    examples: [],
    check(_fact, context) {
      for (const effect of context.effects) {
        const table = nameText(context.schema.resolve(effect.table))
        const known = claims.get(table)
        claims.set(table, known === undefined ? effect : together(known, effect))
      }
      return []
    },
  })
}

function together(a: Effect, b: Effect): Effect {
  return { ...a, lock: strongerLock(a.lock, b.lock), rewrites: a.rewrites || b.rewrites, scans: a.scans || b.scans }
}
