import type { Fact } from '../../model/fact.ts'
import { defineRule } from '../rule.ts'
import type { MigrationHead, Rule, RuleContext } from '../rule.ts'

export const contractInSameRelease: Rule = defineRule({
  id: 'contract-in-same-release',
  summary: 'A contract comes in the same release as the expand of its change, while the version before it still runs.',
  severity: 'warning',
  direction: 'up',
  hazards: ['breaks-running-version', 'loses-data'],
  looksAt: [
    'drop-column',
    'drop-table',
    'rename-column',
    'rename-table',
    'drop-view',
    'set-not-null',
    'set-column-type',
  ],
  sources: ['lockstep:contract-in-same-release'],
  why: `Expand and contract are two steps because a release lies between them: the version that uses the new is rolled out, and when the one that uses the old is gone, the old is taken away. Files that come in one release are applied by one run, so the contract takes effect while the version before is still running, and going back to it is not possible any more. \`backfill-complete\` does not hold it back for long, since the same run finishes the backfill; \`approval\` does. What one release brings is only known to \`--changed\`, \`--staged\`, and where a database says which migrations it has; without either nothing is reported.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: [
        `-- migrate:change books-headline
-- migrate:phase expand

-- migrate:up
alter table books add column headline text;

-- migrate:down
alter table books drop column headline;`,
        `-- migrate:change books-headline
-- migrate:phase contract

-- migrate:up
alter table books drop column title;

-- migrate:down
-- migrate:down-loses books.title
alter table books add column title text;`,
      ],
      good: [
        `-- migrate:change books-headline
-- migrate:phase expand

-- migrate:up
alter table books add column headline text;

-- migrate:down
alter table books drop column headline;`,
        `-- migrate:change books-headline
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
alter table books drop column title;

-- migrate:down
-- migrate:down-loses books.title
alter table books add column title text;`,
      ],
      oneRelease: true,
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: [
        `-- migrate:change books-headline
-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set title = '' where title is null;

-- migrate:down none because which titles were missing is written down nowhere`,
        `-- migrate:change books-headline
-- migrate:phase contract
-- migrate:gate backfill-complete

-- migrate:up
alter table books alter column title set not null;

-- migrate:down
alter table books alter column title drop not null;`,
      ],
      good: `-- migrate:change books-headline
-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set title = '' where title is null;

-- migrate:down none because which titles were missing is written down nowhere`,
      oneRelease: true,
    },
  ],
  *check(fact, context) {
    const { migration, phase, history } = context
    if (migration.change === undefined || phase !== 'contract' || waitsForPeople(context)) return
    const prepared = history.releasedWith(migration.change).filter(prepares)
    const [first] = prepared
    if (first === undefined || fact !== firstTaken(context, prepared)) return
    yield {
      at: fact.span,
      message: `The ${first.declaredPhase ?? 'backfill'} of ${migration.change}, ${first.id}, is not released yet either: one run would apply both, and the version before them still uses what this takes away.`,
      instead: `-- Release this file after the version before is gone, or let it wait until somebody says so:\n-- migrate:gate approval`,
    }
  },
})

function prepares({ declaredPhase, moves }: MigrationHead): boolean {
  return declaredPhase === 'expand' || declaredPhase === 'backfill' || moves
}

function waitsForPeople({ migration }: RuleContext): boolean {
  return migration.gates.some(({ gate }) => gate === 'approval')
}

/** One finding a file, at what it takes away first. */
function firstTaken(context: RuleContext, prepared: readonly MigrationHead[]): Fact | undefined {
  const ids = new Set(prepared.map(({ id }) => id))
  return context.statements.flatMap(({ facts }) => facts).find((fact) => isTaken(fact, context, ids))
}

function isTaken(fact: Fact, { history }: RuleContext, prepared: ReadonlySet<string>): boolean {
  switch (fact.kind) {
    case 'drop-view':
      return true
    case 'set-column-type':
    case 'drop-column':
    case 'rename-column':
    case 'drop-table':
    case 'rename-table':
      return !earlier(fact.table.name, prepared, history).some((known) => brings(known, fact))
    case 'set-not-null':
      // A check that refuses NULL has done so since the expand.
      return !history.earlierOnTable(fact.table.name).some(({ fact: known }) => refusesNull(known, fact.column))
    default:
      return false
  }
}

function earlier(table: string, ids: ReadonlySet<string>, history: RuleContext['history']): readonly Fact[] {
  return history.earlierOnTable(table).flatMap(({ fact, migration }) => (ids.has(migration.id) ? [fact] : []))
}

/** What the same release brings is used by no version before it. */
function brings(known: Fact, taken: Fact): boolean {
  if (known.kind === 'create-table' || known.kind === 'create-table-as') return true
  return known.kind === 'add-column' && 'column' in taken && taken.column === known.column.name
}

function refusesNull(fact: Fact, column: string): boolean {
  if (fact.kind !== 'add-constraint') return false
  const { constraint } = fact
  if (constraint.type === 'not-null') return constraint.column === column
  return constraint.type === 'check' && constraint.expression.provesNotNull.includes(column)
}
