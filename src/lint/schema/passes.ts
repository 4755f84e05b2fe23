import type { Fact } from '../../model/fact.ts'

/**
 * What one ALTER TABLE does, in the order in which the server does it (`AlterTablePass` in `commands/tablecmds.c`),
 * whatever the order of the words: what goes, changes of type, what comes, the rest.
 */
export function inPasses(facts: readonly Fact[]): readonly Fact[] {
  return facts.length < 2 ? facts : facts.toSorted((a, b) => passOf(a) - passOf(b))
}

const [dropping, types, expressions, columns, attributes, indexes, constraints, rest] = [0, 1, 2, 3, 4, 5, 6, 7]

/** Facts that no ALTER TABLE gives stay where they are: they come alone, or one after the other. */
function passOf(fact: Fact): number {
  switch (fact.kind) {
    case 'drop-column':
    case 'drop-constraint':
    case 'drop-not-null':
    case 'drop-default':
      return dropping
    case 'set-column-type':
      return types
    case 'change-generated':
      return fact.action === 'drop-expression' ? dropping : expressions
    case 'add-column':
      return columns
    case 'set-not-null':
      return attributes
    case 'set-default':
      return constraints
    case 'change-identity':
      return { add: constraints, set: rest, drop: dropping }[fact.action]
    case 'add-constraint': {
      const { type } = fact.constraint
      if (type === 'not-null') return attributes
      return type === 'check' || type === 'foreign-key' ? constraints : indexes
    }
    default:
      return rest
  }
}
