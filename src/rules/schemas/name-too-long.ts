import { listOf } from '../../core/text.ts'
import { quoteName } from '../../model/name.ts'
import type { CutName } from '../../model/statement.ts'
import type { Fact } from '../../model/fact.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const nameTooLong: Rule = defineRule({
  id: 'name-too-long',
  summary: 'A name of more than 63 bytes is cut off by the server, and two that differ only behind that are one.',
  severity: 'warning',
  preset: 'strict',
  hazards: ['fails'],
  looksAt: [
    'create-table',
    'create-table-as',
    'rename-table',
    'add-column',
    'rename-column',
    'add-constraint',
    'rename-constraint',
    'create-index',
    'create-view',
    'create-type',
    'create-domain',
    'create-function',
    'create-trigger',
    'create-sequence',
    'create-schema',
    'create-policy',
    'rename-object',
  ],
  sources: ['squawk:identifier-too-long'],
  why: `The server keeps 63 bytes of a name and says so only in a notice. Whoever looks for the written name in the catalogue, as schema diffs and ORMs do, does not find it, and another name with the same beginning is taken for the same object: it fails with "already exists", or is passed over where the statement says IF NOT EXISTS. Bytes are counted in UTF-8, so letters beyond English count twice or more. A long name of something that is there already is not reported again.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `alter table books add column number_of_copies_that_were_lent_to_readers_of_other_libraries_last_year int;`,
      good: 'alter table books add column copies_lent_to_other_libraries_last_year int;',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `create table lending_statistics (
  id bigint primary key,
  number_of_copies_that_were_lent_to_readers_of_other_libraries_in_may int,
  number_of_copies_that_were_lent_to_readers_of_other_libraries_in_june int
);`,
      good: `create table lending_statistics (
  id bigint primary key,
  copies_lent_to_other_libraries_in_may int,
  copies_lent_to_other_libraries_in_june int
);`,
      fails: '42701',
    },
  ],
  *check(fact, context) {
    if (context.facts[0] !== fact) return
    const cut = (context.statement.cutNames ?? []).filter((name) => !isThere(name.kept, context))
    const [first] = cut
    if (first === undefined) return
    const same = cut.filter(({ written, kept }) =>
      cut.some((other) => other.kept === kept && other.written.toLowerCase() !== written.toLowerCase()),
    )
    yield {
      at: first.span,
      severity: same.length > 0 ? 'error' : 'warning',
      message: same.length > 0 ? sameText(same) : `The server cuts this name to ${quoteName(first.kept)}.`,
      instead: `-- with ${cut.length === 1 ? 'a shorter name' : 'shorter names'} than ${listOf([...new Set(cut.map(({ kept }) => quoteName(kept)))])}:\n${shortened(cut, context)};`,
      ...(same.length > 0 ? {} : { rewrite: shortened(cut, context) }),
    }
  },
})

function sameText(same: readonly CutName[]): string {
  const written = [...new Set(same.map((name) => quoteName(name.written)))]
  return `To the server ${listOf(written)} are one name: it cuts them to ${quoteName(same[0]?.kept ?? '')}.`
}

/** What already exists was reported when it was made, and can only be called by that name. */
function isThere(kept: string, context: RuleContext): boolean {
  const { schema } = context
  const name = { name: kept }
  if (context.table(name) !== undefined || schema.view(name) !== undefined || schema.index(name) !== undefined)
    return true
  return context.facts.some((fact) => hasColumn(fact, kept, context))
}

function hasColumn(fact: Fact, column: string, context: RuleContext): boolean {
  const tables = [
    ...('table' in fact && fact.table !== undefined ? [fact.table] : []),
    ...('reads' in fact ? fact.reads.map(({ table }) => table) : []),
  ]
  return tables.some((table) => context.column(table, column) !== undefined)
}

/** The statement with the names as the server takes them. */
function shortened(cut: readonly CutName[], { statement }: RuleContext): string {
  let sql = statement.sql
  for (const { kept, span } of cut.toReversed()) {
    const at = span.start - statement.span.start
    sql = `${sql.slice(0, at)}${quoteName(kept)}${sql.slice(at + span.end - span.start)}`
  }
  return sql
}
