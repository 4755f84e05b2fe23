import { defineRule } from '../rule.ts'
import type { MigrationHead, Rule, RuleContext } from '../rule.ts'

export const contractWithoutExpand: Rule = defineRule({
  id: 'contract-without-expand',
  summary:
    'A contract comes before the expand of its own change, or waits for a backfill that its change does not have.',
  severity: 'error',
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
  sources: ['lockstep:contract-without-expand'],
  why: `The phases of one change are ordered by their ids: expand, then backfill, then contract. A contract with a smaller id takes the old away before the new is there, and what was to be copied is gone. The gate \`backfill-complete\` asks about the backfills of the same change; where there is none before it, it holds nothing back, mostly because the name of the change is spelt differently. A contract that belongs to no expand, such as the drop of something that nobody uses any more, is not reported.`,
  examples: [
    {
      given: [
        'create table books (id bigint primary key, title text, headline text);',
        `-- migrate:change book-title
-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set headline = title where headline is null;

-- migrate:down none because nothing else fills the column`,
      ],
      bad: `-- migrate:change books-title
-- migrate:phase contract
-- migrate:gate backfill-complete

-- migrate:up
alter table books drop column title;

-- migrate:down
-- migrate:down-loses books.title
alter table books add column title text;`,
      good: `-- migrate:change book-title
-- migrate:phase contract
-- migrate:gate backfill-complete

-- migrate:up
alter table books drop column title;

-- migrate:down
-- migrate:down-loses books.title
alter table books add column title text;`,
    },
    {
      given: [
        'create table books (id bigint primary key, title text);',
        `-- migrate:change books-headline
-- migrate:phase expand

-- migrate:up
alter table books add column headline text;

-- migrate:down
alter table books drop column headline;`,
      ],
      bad: `-- migrate:change books-title
-- migrate:phase contract
-- migrate:gate backfill-complete

-- migrate:up
alter table books drop column title;

-- migrate:down
-- migrate:down-loses books.title
alter table books add column title text;`,
      good: `-- migrate:change books-headline
-- migrate:phase contract
-- migrate:gate backfill-complete

-- migrate:up
alter table books drop column title;

-- migrate:down
-- migrate:down-loses books.title
alter table books add column title text;`,
    },
  ],
  *check(fact, context) {
    const problem = problemOf(context)
    if (problem === undefined) return
    yield { at: fact.span, ...problem }
  },
})

function problemOf(context: RuleContext): { readonly message: string; readonly instead: string } | undefined {
  const { migration, history } = context
  const { change } = migration
  if (change === undefined || migration.declaredPhase !== 'contract') return undefined
  const { before, after } = history.ofChange(change)
  const late = after.find(prepares)
  if (late !== undefined && !before.some(prepares)) {
    return {
      message: `This contract of ${change} comes before the ${late.declaredPhase ?? 'backfill'} of the same change, ${late.id}.`,
      instead: `-- Give this file an id after ${late.id}, so that it is applied after it.`,
    }
  }
  const waits = migration.gates.some(
    ({ gate, options }) => gate === 'backfill-complete' && Object.keys(options).length === 0,
  )
  if (!waits || before.some(prepares)) return undefined
  return {
    message: `The gate backfill-complete waits for the backfills of ${change}, and no migration before this one has any.`,
    instead: `-- Write the same name in the backfill's file:\n-- migrate:change ${change}`,
  }
}

function prepares({ declaredPhase, moves }: MigrationHead): boolean {
  return declaredPhase === 'expand' || declaredPhase === 'backfill' || moves
}
