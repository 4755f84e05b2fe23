import type { CheckConstraint } from '../../model/constraint.ts'
import { nameText } from '../../model/name.ts'
import { bringsConstraints, broughtOf } from '../brought-constraints.ts'
import { constraintsOf } from '../constraint-sql.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'

export const volatileCheck: Rule = defineRule({
  id: 'volatile-check',
  summary: 'A CHECK whose outcome changes by itself lets rows in that fail it later: dumps then cannot be restored.',
  severity: 'warning',
  hazards: ['fails'],
  looksAt: [...bringsConstraints, 'create-domain', 'alter-domain'],
  sources: ['migrationpilot:MP087'],
  why: `The server tests a CHECK when a row is written and takes for granted that it holds for ever. With now() or random() in it, or a function of one's own that reads tables or settings, a row that was right turns wrong without being touched: every later UPDATE of it fails with SQLSTATE 23514, and so does restoring a dump, where the data a function reads may not even be there yet. Functions of one's own are reported at level info where the history shows that they are not IMMUTABLE; functions that it does not show are not judged.`,
  examples: [
    {
      given: 'create table loans (id bigint primary key, due_at timestamptz);',
      bad: 'alter table loans add constraint loans_due check (due_at > now()) not valid;',
      good: `alter table loans add column lent_at timestamptz default now();
alter table loans add constraint loans_due check (due_at > lent_at) not valid;`,
    },
    {
      given: [
        'create table loans (id bigint primary key, reader text);',
        'create function is_known(reader text) returns boolean language plpgsql as $$ begin return exists (select 1 from loans); end $$;',
        'create function is_short(word text) returns boolean language plpgsql immutable as $$ begin return length(word) < 80; end $$;',
      ],
      bad: 'create table readers (id bigint primary key, name text check (is_known(name)));',
      good: 'create table readers (id bigint primary key, name text check (is_short(name)));',
    },
    {
      given: 'create table loans (id bigint primary key, due_on date);',
      bad: 'create domain future as date check (value > current_date);',
      good: `create domain modern as date check (value > date '1900-01-01');`,
    },
  ],
  *check(fact, context) {
    if (fact.kind === 'create-domain') yield* judged(fact.constraints, `the domain ${nameText(fact.domain)}`, context)
    else if (fact.kind !== 'alter-domain')
      yield* checks(broughtOf(fact, 'check'), `rows of ${nameText(fact.table)}`, context)
    else if (fact.constraint !== undefined)
      yield* judged([fact.constraint], `the domain ${nameText(fact.domain)}`, context)
  },
})

function judged(
  constraints: Parameters<typeof constraintsOf>[0],
  whose: string,
  context: RuleContext,
): Iterable<RuleFinding> {
  return checks(constraintsOf(constraints, 'check'), `values of ${whose}`, context)
}

function* checks(constraints: readonly CheckConstraint[], whose: string, context: RuleContext): Iterable<RuleFinding> {
  for (const { expression, span } of constraints) {
    const own = expression.functions.find((name) => isChangeable(name, context))
    if (own === undefined && expression.changesByItself !== true) continue
    yield {
      at: span,
      ...(own === undefined ? {} : { severity: 'info' }),
      message:
        own === undefined
          ? `What ${expression.sql} says changes by itself: ${whose} that pass it now may fail it later, and then can be neither updated nor restored from a dump.`
          : `${own}() is not IMMUTABLE, so ${whose} that pass it now may fail it later, and then can be neither updated nor restored from a dump.`,
      instead:
        own === undefined
          ? '-- compare with a column that keeps the moment, such as created_at, or check when the row is written, in a trigger'
          : `-- check when the row is written, in a trigger, or declare ${own}() IMMUTABLE if it reads nothing but its arguments`,
    }
  }
}

/** A function of one's own that the history shows and that is not declared IMMUTABLE. */
function isChangeable(written: string, context: RuleContext): boolean {
  const [schema, name] = written.includes('.') ? written.split('.', 2) : [undefined, written]
  if (name === undefined) return false
  const known = context.schema.function(schema === undefined ? { name } : { schema, name })
  return known !== undefined && known.volatility !== 'immutable'
}
