import { blocksWrites } from '../model/lock.ts'
import { nameText } from '../model/name.ts'
import type { Name } from '../model/name.ts'
import type { Schema } from '../model/schema.ts'
import type { Fact } from '../model/fact.ts'
import type { RuleContext } from './rule.ts'

/** Whether two names as written mean one object. */
export function sameName(schema: Schema, a: Name, b: Name): boolean {
  const left = schema.resolve(a)
  const right = schema.resolve(b)
  return left.name === right.name && left.schema === right.schema
}

/** The shortest text that means the object: without its schema where the search path finds it. */
export function shortName(schema: Schema, name: Name): string {
  return sameName(schema, { name: name.name }, name) ? nameText({ name: name.name }) : nameText(name)
}

/** Facts of this section before `fact`: of earlier statements and of this one. */
export function earlierFacts(fact: Fact, context: RuleContext): readonly Fact[] {
  const earlier: Fact[] = []
  for (const statement of context.statements) {
    if (statement.span.start >= context.statement.span.start) break
    earlier.push(...statement.facts)
  }
  const own = context.facts.indexOf(fact)
  return [...earlier, ...context.facts.slice(0, Math.max(own, 0))]
}

/** Whether this migration added the column itself, so that no running version has ever seen it. */
export function isNewColumn(fact: Fact, table: Name, column: string, context: RuleContext): boolean {
  const adds = (earlier: Fact): boolean =>
    earlier.kind === 'add-column' && earlier.column.name === column && sameName(context.schema, earlier.table, table)
  // Put together only where one of them does.
  return context.statements.some(({ facts }) => facts.some(adds)) && earlierFacts(fact, context).some(adds)
}

/** An earlier statement of the same transaction keeps a table locked against writes. */
export function holdsStrongLock({ transaction }: RuleContext): boolean {
  return transaction.locks.some((effect) => blocksWrites(effect.lock))
}

/** Nothing that another session can see: created by this migration, or temporary. */
export function isPrivate(table: Name, context: RuleContext): boolean {
  return context.isNew(table) || context.table(table)?.temporary === true
}
