import { strongerLock } from '../model/lock.ts'
import type { Fact } from '../model/fact.ts'
import type { LockMode } from '../model/lock.ts'
import { nameText, quoteName } from '../model/name.ts'
import type { SqlStep, StepDown } from '../model/plan.ts'
import type { PlanInput } from './plan.ts'

/** The statement as the only step, where it only adds and reads and writes no row; undefined where it does more. */
export function directStep(input: PlanInput): SqlStep | undefined {
  const { facts, sql, needsNoTransaction } = input.statement
  const downs = facts.map(downOf)
  const effects = facts.flatMap((fact) => input.dialect.effects(fact, input.schema, input.target))
  const harmless = effects.every(({ scans, rewrites }) => !rewrites && (!scans || needsNoTransaction))
  const known = downs.flatMap((down) => (down === undefined ? [] : [down]))
  if (!harmless || known.length !== facts.length) return undefined
  return {
    kind: 'sql',
    id: 'apply',
    phase: 'expand',
    title: 'Apply the change as it is',
    why: 'It only adds something that the running version does not know of.',
    up: `${sql};`,
    down: joined(known),
    transaction: !needsNoTransaction,
    lock: effects.map(({ lock }) => lock).reduce<LockMode | 'none'>(stronger, 'none'),
    holds: effects.some(({ scans }) => scans) ? 'scan' : 'moment',
    gates: [],
  }
}

function stronger(a: LockMode | 'none', b: LockMode): LockMode {
  return a === 'none' ? b : strongerLock(a, b)
}

interface Undo {
  readonly sql: string
  readonly loses: readonly string[]
}

/** Takes back what only adds; undefined for everything else. */
function downOf(fact: Fact): Undo | undefined {
  switch (fact.kind) {
    case 'create-table':
      return fact.ifNotExists || fact.partitionOf !== undefined || fact.temporary
        ? undefined
        : { sql: `drop table ${nameText(fact.table)};`, loses: [`${nameText(fact.table)}.*`] }
    case 'add-column': {
      const column = quoteName(fact.column.name)
      const table = nameText(fact.table)
      const required = fact.column.notNull && fact.column.default === undefined
      if (fact.ifNotExists || required || fact.column.constraints.length > 0) return undefined
      return { sql: `alter table ${table} drop column ${column};`, loses: [`${table}.${column}`] }
    }
    case 'create-index': {
      if (!fact.concurrently || fact.ifNotExists || fact.index === undefined || fact.unique) return undefined
      const index =
        fact.table.schema === undefined ? { name: fact.index } : { schema: fact.table.schema, name: fact.index }
      return { sql: `drop index concurrently ${nameText(index)};`, loses: [] }
    }
    case 'create-schema':
      return fact.ifNotExists ? undefined : { sql: `drop schema ${quoteName(fact.schema)};`, loses: [] }
    default:
      return undefined
  }
}

function joined(undos: readonly Undo[]): StepDown {
  const last = undos.toReversed()
  return { kind: 'sql', sql: last.map(({ sql }) => sql).join('\n'), loses: undos.flatMap(({ loses }) => loses) }
}
