import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { earlierFacts } from '../same-name.ts'

export const refreshCollationVersion: Rule = defineRule({
  id: 'refresh-collation-version',
  summary: 'REFRESH VERSION hides that indexes are sorted by an older version of the collation, and mends nothing.',
  severity: 'warning',
  hazards: ['corrupts-index'],
  looksAt: ['refresh-collation'],
  sources: ['migrationpilot:MP089'],
  why: `When the operating system or ICU brings another version of a collation, text is sorted differently than when the indexes were built: searches miss rows, and unique indexes take duplicates. The server warns of it until REFRESH VERSION writes the new version into the catalogue, which is only true once everything that depends on the order, indexes, partitions by range and validated checks, was built anew. A REINDEX before it, in the same migration, satisfies the rule.`,
  examples: [
    {
      given:
        "create collation german (provider = icu, locale = 'de');\ncreate table books (id bigint primary key, title text collate german);",
      bad: 'alter collation german refresh version;',
      good: 'reindex table concurrently books;\nalter collation german refresh version;',
      transaction: false,
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter collation pg_catalog."unicode" refresh version;',
      good: 'reindex schema concurrently public;\nalter collation pg_catalog."unicode" refresh version;',
      transaction: false,
      versions: { from: 16 },
    },
  ],
  *check(refresh, context) {
    if (earlierFacts(refresh, context).some((fact) => fact.kind === 'reindex')) return
    const { collation } = refresh
    const what = collation === undefined ? "the database's collation" : nameText(collation)
    yield {
      at: refresh.span,
      message: `Indexes that are sorted by the older version of ${what} stay as they are; from now on nothing says so any more.`,
      instead: withReindex(context),
    }
  },
})

function withReindex(context: RuleContext): string {
  return `-- outside a transaction: each index that has the collation, or all of a schema\nreindex schema concurrently public;\n${context.statement.sql};`
}
