import { listOf } from '../../core/text.ts'
import type { DropObject } from '../../model/fact.ts'
import { quoteName } from '../../model/name.ts'
import { isCreatedHere } from '../created.ts'
import { isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, shortName } from '../same-name.ts'

export const dropSchema: Rule = defineRule({
  id: 'drop-schema',
  summary:
    'Dropping a schema loses, with CASCADE, every table in it, and breaks the running version wherever it names it.',
  severity: 'error',
  direction: 'up',
  hazards: ['loses-data', 'breaks-running-version', 'blocks-reads'],
  looksAt: ['drop-object'],
  sources: [
    'pgfence:drop-schema-cascade',
    'pgfence:drop-schema',
    'atlas:DS101',
    'postgres-language-server:banDropSchema',
    'migrationpilot:MP035',
  ],
  why: `With CASCADE the server drops everything in the schema, whatever it is, and everything elsewhere that depends on it: views of other schemas, foreign keys of other tables, columns of its types. All these tables are locked with ACCESS EXCLUSIVE. Without CASCADE it refuses (SQLSTATE 2BP01) unless the schema is empty. The message lists what the history shows; a contract step behind a gate may drop a schema in which nothing is known to be left.`,
  examples: [
    {
      given: 'create schema archive;\ncreate table archive.books (id bigint primary key);',
      bad: 'drop schema archive cascade;',
      good: 'create schema scratch;\ncreate table scratch.books (id bigint primary key);\ndrop schema scratch cascade;',
    },
    {
      given: 'create schema archive;\ncreate table archive.books (id bigint primary key);',
      bad: 'drop schema archive;',
      good: 'create schema scratch;\ndrop schema scratch;',
      fails: '2BP01',
    },
  ],
  *check(drop, context) {
    if (drop.object !== 'schema' || isCreatedHere(drop, 'schema', drop.name, context)) return
    const inside = contents(drop, context)
    if (isPlannedContract(context) && inside.length === 0) return
    const schema = quoteName(drop.name.name)
    const some = inside.length > 5 ? [...inside.slice(0, 5), `${inside.length - 5} more`] : inside
    yield {
      at: drop.span,
      ...(drop.cascade || inside.length > 0 ? {} : { severity: 'warning' as const }),
      message: drop.cascade
        ? `Everything in the schema ${schema} is lost${some.length === 0 ? '; the history does not show what is in it' : `: ${listOf(some)}`}.`
        : some.length === 0
          ? `Every query of the running version that names the schema ${schema} fails, and the server refuses unless it is empty.`
          : `The server refuses as long as there is something in the schema ${schema}: ${listOf(some)}.`,
      instead: `-- drop what is in it one by one, each in a contract migration, then:\ndrop schema ${schema};`,
    }
  },
})

/** What the history shows in the schema, and what of other schemas depends on it. */
function contents(drop: DropObject, context: RuleContext): readonly string[] {
  const { schema } = context
  const own = ({ name }: { readonly name: { readonly schema: string } }): boolean => name.schema === drop.name.name
  const tables = schema.tables().filter((table) => own(table) && !isPrivate(table.name, context))
  const keys = tables.flatMap((table) =>
    schema
      .foreignKeysTo(table.name)
      .filter(({ table: other }) => !own(other))
      .map(
        ({ table: other, constraint }) =>
          `foreign key ${quoteName(constraint.name)} of ${shortName(schema, other.name)}`,
      ),
  )
  const views = schema
    .views()
    .filter((view) => own(view) || view.reads.some(({ table }) => table.schema === drop.name.name))
  return [...tables, ...views.filter((view) => !context.isNew(view.name))]
    .map(({ name }) => shortName(schema, name))
    .concat(keys)
}
