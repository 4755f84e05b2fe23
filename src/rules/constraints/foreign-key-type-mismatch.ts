import type { ForeignKeyConstraint } from '../../model/constraint.ts'
import type { FactOf } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import type { TypeName } from '../../model/type.ts'
import { constraintsOf } from '../constraint-sql.ts'
import { bringsConstraints, broughtConstraints, broughtOf } from '../brought-constraints.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'
import { sameName } from '../same-name.ts'

type KeyFact = FactOf<(typeof bringsConstraints)[number]>

export const foreignKeyTypeMismatch: Rule = defineRule({
  id: 'foreign-key-type-mismatch',
  summary: 'The referencing column is narrower than the key that it references, or cannot be compared with it at all.',
  severity: 'warning',
  hazards: ['fails'],
  looksAt: bringsConstraints,
  sources: ['online_migrations:mismatched_foreign_key_type'],
  why: `A foreign key only needs types that can be compared, so an integer column may reference a bigint key. That works until the key passes 2147483647: from then on no row can reference the new ones, every INSERT fails with SQLSTATE 22003, and widening the column means writing the table anew. Types that cannot be compared, such as text and uuid, are refused at once with SQLSTATE 42804, which is reported at level error. A wider column, and text beside varchar, do no harm; types that the history does not show are not judged.`,
  examples: [
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id int primary key, author_id int);
create index books_author_id_idx on books (author_id);`,
      bad: 'alter table books add foreign key (author_id) references authors not valid;',
      good: `create table essays (id bigint primary key, author_id bigint unique references authors);`,
    },
    {
      given: 'create table authors (id uuid primary key, name text);',
      bad: `create table books (id int primary key, author_id text unique references authors);`,
      good: `create table books (id bigint primary key, author_id uuid unique references authors);`,
      fails: '42804',
    },
  ],
  *check(fact, context) {
    for (const key of broughtOf(fact, 'foreign-key')) {
      const referenced = referencedColumns(key, fact, context)
      for (const [index, column] of key.columns.entries()) {
        const own = typeOf(fact, column, context)
        const other = referenced[index]
        if (own === undefined || other === undefined) continue
        yield* compared({ fact, key, column, own, other }, context)
      }
    }
  },
})

interface Pair {
  readonly fact: KeyFact
  readonly key: ForeignKeyConstraint
  readonly column: string
  readonly own: TypeName
  readonly other: { readonly name: string; readonly type: TypeName }
}

function* compared({ fact, key, column, own, other }: Pair, context: RuleContext): Iterable<RuleFinding> {
  const from = baseType(own, context)
  const to = baseType(other.type, context)
  if (from === undefined || to === undefined) return
  const [ownText, otherText] = [columnText(fact.table, column), columnText(key.references, other.name)]
  if (!comparable(from, to)) {
    yield {
      at: key.span,
      severity: 'error',
      message: `The server refuses this key: ${ownText} is ${own.sql}, ${otherText} is ${other.type.sql}, and nothing compares the two.`,
      instead: `-- with a column of the type that the key has:\n${ownText} ${other.type.sql}`,
    }
    return
  }
  const largest = largestValues.get(from)
  if (largest === undefined || largest >= (largestValues.get(to) ?? 0)) return
  yield {
    at: key.span,
    message: `${ownText} is ${own.sql}, but ${otherText} is ${other.type.sql}: once that key passes ${largest}, no row of ${nameText(fact.table)} can reference it.`,
    instead:
      fact.kind === 'add-constraint' && !context.isNew(fact.table)
        ? `-- first make ${ownText} ${other.type.sql} by the recipe change-column-type, which does not write the table anew`
        : `-- with a column of the type that the key has:\n${ownText} ${other.type.sql}`,
  }
}

/** The largest value that each type of whole numbers holds. */
const largestValues: ReadonlyMap<string, number> = new Map([
  ['smallint', 32_767],
  ['integer', 2_147_483_647],
  ['bigint', Number.MAX_SAFE_INTEGER],
])

const wholeNumbers = ['smallint', 'integer', 'bigint']
const floats = ['real', 'double precision']
const texts = ['text', 'character varying', 'character']
const times = ['date', 'timestamp without time zone', 'timestamp with time zone']

/** What a column of each type may reference: measured on 14 to 18 for every pair of these types. */
const references: ReadonlyMap<string, readonly string[]> = new Map([
  ...wholeNumbers.map((type): [string, readonly string[]] => [type, [...wholeNumbers, 'numeric', ...floats]]),
  ['numeric', ['numeric', ...floats]],
  ...floats.map((type): [string, readonly string[]] => [type, floats]),
  ...texts.map((type): [string, readonly string[]] => [type, [...texts, 'name']]),
  ...times.map((type): [string, readonly string[]] => [type, times]),
  ['uuid', ['uuid']],
  ['boolean', ['boolean']],
])

/** Types that the table above does not list may always be compared, as far as is known here. */
function comparable(from: string, to: string): boolean {
  if (!references.has(from) || !references.has(to)) return true
  return references.get(from)?.includes(to) === true
}

const serials: ReadonlyMap<string, string> = new Map([
  ['smallserial', 'smallint'],
  ['serial', 'integer'],
  ['bigserial', 'bigint'],
])

/** The name of a type without its length, of a domain that of the type below; undefined for arrays. */
function baseType(type: TypeName, context: RuleContext): string | undefined {
  if (type.array) return undefined
  const name = type.schema === undefined ? { name: type.name } : { schema: type.schema, name: type.name }
  const below = context.schema.domain(name)?.type
  if (below !== undefined && below.name !== type.name) return baseType(below, context)
  return serials.get(type.name) ?? type.name
}

function typeOf(fact: KeyFact, column: string, context: RuleContext): TypeName | undefined {
  if (fact.kind === 'create-table') return fact.columns.find(({ name }) => name === column)?.type
  if (fact.kind === 'add-column' && fact.column.name === column) return fact.column.type
  return context.column(fact.table, column)?.type
}

/** The referenced columns with their types, in order; those that are not known are left out from the first on. */
function referencedColumns(
  key: ForeignKeyConstraint,
  fact: KeyFact,
  context: RuleContext,
): readonly { readonly name: string; readonly type: TypeName }[] {
  const isSelf = fact.kind === 'create-table' && sameName(context.schema, fact.table, key.references)
  const parent = isSelf ? undefined : context.table(key.references)
  const constraints = isSelf ? broughtConstraints(fact) : [...(parent?.constraints.values() ?? [])]
  const names =
    key.referencedColumns.length > 0
      ? key.referencedColumns
      : constraintsOf(constraints, 'primary-key').flatMap(({ columns }) => columns)
  const types = names.map((name) => ({
    name,
    type: isSelf ? typeOf(fact, name, context) : parent?.columns.get(name)?.type,
  }))
  const known: { readonly name: string; readonly type: TypeName }[] = []
  for (const { name, type } of types) {
    if (type === undefined) break
    known.push({ name, type })
  }
  return known
}
