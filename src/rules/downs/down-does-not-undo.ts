import { remembered } from '../../core/remembered.ts'
import { listOf } from '../../core/text.ts'
import type { Fact } from '../../model/fact.ts'
import { quoteName } from '../../model/name.ts'
import type { Sequence } from '../../model/schema.ts'
import type { Statement } from '../../model/statement.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import { hidesWhatItDoes, touchedBesides, touchedBy, touchedByFacts } from '../../model/touched.ts'
import { isMadeAgainUnnamed, isUnnamedUndone, unnamedOn } from '../named-by-server.ts'
import { defineRule, nothing } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'
import { sameName } from '../same-name.ts'

export const downDoesNotUndo: Rule = defineRule({
  id: 'down-does-not-undo',
  summary: 'The downgrade leaves alone what the upgrade changed, or changes something that the upgrade did not.',
  severity: 'warning',
  hazards: ['fails'],
  looksAt: [
    'create-table',
    'create-table-as',
    'drop-table',
    'add-column',
    'drop-column',
    'rename-column',
    'set-column-type',
    'set-not-null',
    'drop-not-null',
    'set-default',
    'drop-default',
    'add-constraint',
    'drop-constraint',
    'rename-constraint',
    'attach-partition',
    'detach-partition',
    'create-index',
    'drop-index',
    'create-view',
    'drop-view',
    'create-type',
    'create-domain',
    'alter-domain',
    'create-function',
    'create-trigger',
    'create-sequence',
    'create-policy',
    'create-rule',
    'create-schema',
    'create-extension',
    'create-publication',
    'create-object',
    'rename-table',
    'rename-object',
    'set-schema',
    'drop-object',
    'truncate',
    'update',
    'delete',
    'insert',
  ],
  sources: ['lockstep:down-does-not-undo'],
  why: `After such a downgrade the journal says that the migration is not applied while part of it still stands, so the next upgrade fails on what is there already, or the version that is rolled back meets a schema that it has never seen. What a downgrade changes beside its upgrade is lost to migrations that are still applied. This is judged from the names in the file; \`migrate verify\` runs both sections and compares the schemas. Rows that an upgrade wrote need not be taken back, and a file that hides its SQL or drops with CASCADE is left to \`verify\`.`,
  examples: [
    {
      given: 'create table books (id int primary key, title text);',
      bad: `-- migrate:up
create table readers (id bigint primary key);
create table loans (id bigint primary key, reader_id bigint);

-- migrate:down
drop table loans;`,
      good: `-- migrate:up
create table readers (id bigint primary key);
create table loans (id bigint primary key, reader_id bigint);
create index loans_reader_id_idx on loans (reader_id);

-- migrate:down
drop table loans;
drop table readers;`,
    },
    {
      given:
        'create table books (id int primary key, title text);\ncreate table authors (id int primary key, name text);',
      bad: `-- migrate:up
alter table books add column subtitle text;

-- migrate:down
alter table books drop column subtitle;
alter table authors add column subtitle text;`,
      good: `-- migrate:up
alter table books add column subtitle text;

-- migrate:down
alter table books drop column subtitle;`,
    },
    {
      given:
        'create table books (id int primary key, title text);\ncreate table settings (name text primary key, value text);',
      bad: `-- migrate:up
alter table books add column subtitle text;

-- migrate:down
select 1;`,
      good: `-- migrate:up
insert into settings (name, value) values ('currency', 'EUR');

-- migrate:down
-- The new setting does not disturb the version before.
select 1;`,
    },
    {
      given: 'create table books (id bigint primary key);',
      bad: `-- migrate:up
create table sales (id bigint, day date, primary key (id, day)) partition by range (day);
create table sales_2026 partition of sales for values from ('2026-01-01') to ('2027-01-01');
create table old_sales (id bigint primary key);

-- migrate:down
drop table sales;`,
      good: `-- migrate:up
create table sales (id bigint, day date, primary key (id, day)) partition by range (day);
create table sales_2026 partition of sales for values from ('2026-01-01') to ('2027-01-01');

-- migrate:down
drop table sales;`,
    },
  ],
  check(fact, context) {
    const { migration, direction } = context
    if (migration.down.kind !== 'sql') return nothing
    const both = bothOf(migration)
    if (both.isUnclear) return nothing
    return direction === 'up' ? leftBehind(fact, context, both) : besides(fact, context, both)
  },
})

/** What each fact of both directions asks of its migration, so it is made once. */
interface Both {
  /** Problems, dynamic SQL and CASCADE: what the sections do is not all in them. */
  readonly isUnclear: boolean
  readonly downs: readonly Fact[]
  /** What the upgrade itself removes again. */
  readonly drops: readonly Fact[]
  /** Names that the downgrade touches, and of these the ones that the upgrade does not, with what does it. */
  readonly undone: ReadonlySet<string>
  readonly foreign: ReadonlyMap<string, Fact>
}

const bothOf = remembered(({ upSql, downSql }: ParsedMigration): Both => {
  const sections = [upSql, downSql]
  const isUnclear = sections.some(({ statements, problems }) => problems.length > 0 || hidesMuch(statements))
  return {
    isUnclear,
    downs: factsOf(downSql.statements),
    drops: factsOf(upSql.statements).filter(({ kind }) => dropping.has(kind)),
    undone: touchedByFacts(downSql.statements),
    foreign: touchedBesides(downSql.statements, touchedByFacts(upSql.statements)),
  }
})

const dropping: ReadonlySet<string> = new Set<Fact['kind']>(['drop-table', 'drop-view', 'drop-object'])

function factsOf(statements: readonly Statement[]): readonly Fact[] {
  return statements.flatMap(({ facts }) => facts)
}

/** CASCADE drops what no statement names, and dynamic SQL does what no statement says. */
function hidesMuch(statements: readonly Statement[]): boolean {
  const cascades = statements.some(({ facts }) => facts.some((fact) => 'cascade' in fact && fact.cascade))
  return cascades || hidesWhatItDoes(statements)
}

function* leftBehind(fact: Fact, context: RuleContext, { downs, drops, undone }: Both): Iterable<RuleFinding> {
  if (isData(fact) || isConditional(fact) || isUndoneHere(fact, context, drops)) return
  const unnamed = unnamedOn(fact)
  if (unnamed !== undefined && isUnnamedUndone(fact, downs, context)) return
  const names = unnamed === undefined ? touchedBy(fact) : new Set([unnamed.name])
  if (
    names.size === 0 ||
    isMadeAgainUnnamed(fact, downs, context) ||
    laterNames(names, context).some((name) => undone.has(name)) ||
    goesWithTable(fact, { undone, downs }, context)
  )
    return
  const name = listOf([...names].map(quoteName))
  yield {
    at: fact.span,
    message: `The upgrade changes ${name}, and the downgrade does nothing about it.`,
    instead: `-- migrate:down\n<what takes the change of ${name} back>\n\n-- or, where nothing can:\n-- migrate:down none because <reason>`,
  }
}

/** The names of what a fact changes, and those that later statements of the upgrade give it. */
function laterNames(names: ReadonlySet<string>, { later }: RuleContext): readonly string[] {
  const all = new Set(names)
  for (const fact of later) {
    if (fact.kind === 'rename-table' && all.has(fact.table.name)) all.add(fact.to)
    if (fact.kind === 'rename-object' && all.has(fact.name.name)) all.add(fact.to)
  }
  return [...all]
}

function* besides(fact: Fact, context: RuleContext, { foreign }: Both): Iterable<RuleFinding> {
  if (foreign.size === 0) return
  const names = [...foreign].flatMap(([name, by]) => (by === fact ? [name] : []))
  // What the upgrade dropped or changed by the way, such as an index with its table, is named by the downgrade alone.
  if (names.length === 0 || names.length < touchedBy(fact).size || belongsToUp(fact, context)) return
  const name = listOf(names.map(quoteName))
  yield {
    at: fact.span,
    message: `The downgrade changes ${name}, which the upgrade does not touch.`,
    instead: '-- Take the statement out of the down section, or do it in a migration of its own.',
    severity: 'error',
  }
}

function isData({ kind }: Fact): boolean {
  return kind === 'insert' || kind === 'update' || kind === 'delete' || kind === 'truncate'
}

/** Whether it did anything is not known, so nor is whether anything has to be undone. */
function isConditional(fact: Fact): boolean {
  return ('ifExists' in fact && fact.ifExists) || ('ifNotExists' in fact && fact.ifNotExists)
}

/** Made by the upgrade and gone again at its end, or about something that is. */
function isUndoneHere(fact: Fact, { schema }: RuleContext, drops: readonly Fact[]): boolean {
  const table = 'table' in fact ? fact.table : undefined
  return drops.some((other) => {
    if (other === fact) return false
    if (other.kind === 'drop-table') return table !== undefined && sameName(schema, table, other.table)
    if (other.kind === 'drop-view' && fact.kind === 'create-view') return other.view.name === fact.view.name
    return other.kind === 'drop-object' && touchedBy(fact).has(other.name.name)
  })
}

/** Dropped with its table, or with the column that owns it; a partition with the whole. */
function goesWithTable(
  fact: Fact,
  { undone, downs }: Pick<Both, 'undone' | 'downs'>,
  { schema }: RuleContext,
): boolean {
  if (fact.kind === 'drop-index') return undone.has(schema.index(fact.index)?.table.name ?? '')
  if (fact.kind === 'create-sequence') return fact.ownedBy !== 'none' && undone.has(fact.ownedBy?.table.name ?? '')
  if (fact.kind === 'drop-object') return fact.object === 'sequence' && !standsAlone(schema.sequence(fact.name))
  if (fact.kind === 'create-object') return (fact.uses ?? []).some(({ table }) => undone.has(table.name))
  if (fact.kind !== 'create-table') return false
  const whole = fact.partitionOf
  return (
    fact.temporary ||
    (whole !== undefined && downs.some((down) => down.kind === 'drop-table' && sameName(schema, down.table, whole)))
  )
}

/** It belongs to no column, as far as the history tells. */
function standsAlone(sequence: Sequence | undefined): boolean {
  return sequence !== undefined && sequence.ownedBy === undefined
}

/** Of a table that the upgrade touched, or brought back after the upgrade dropped what it was part of. */
function belongsToUp(fact: Fact, { migration, schema }: RuleContext): boolean {
  const facts = migration.upSql.statements.flatMap((statement) => statement.facts)
  const dropped = facts.some(({ kind }) => kind === 'drop-table' || kind === 'drop-view' || kind === 'drop-object')
  const touched = touchedByFacts(migration.upSql.statements)
  if (fact.kind === 'drop-index') return touched.has(schema.index(fact.index)?.table.name ?? '')
  if (fact.kind === 'drop-object' && fact.object === 'statistics')
    return facts.some((other) => other.kind === 'create-object' && unnamedOn(other) !== undefined)
  if (fact.kind === 'drop-object') return schema.sequence(fact.name) !== undefined || fact.object === 'index'
  return dropped && fact.kind.startsWith('create-')
}
