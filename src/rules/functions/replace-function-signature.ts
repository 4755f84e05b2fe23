import type { CreateFunction } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { FunctionSignature } from '../../model/schema.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const replaceFunctionSignature: Rule = defineRule({
  id: 'replace-function-signature',
  summary:
    'CREATE OR REPLACE FUNCTION fails when it changes what the function returns, or names or defaults of its arguments.',
  severity: 'error',
  hazards: ['fails'],
  looksAt: ['create-function'],
  sources: ['lockstep:replace-function-signature', 'pgfence:unanalyzable'],
  why: `A function is found by its name and the types of its arguments. One that is there may get another body, but not another return type, another name for an argument or fewer defaults, because views and calls by name may count on them: the server answers with SQLSTATE 42P13. DROP FUNCTION and CREATE FUNCTION in one transaction change all of that, when nothing depends on the function; the rights on it must be granted again. What the history does not know is not compared.`,
  examples: [
    {
      given: `create function title_of(id bigint) returns text language sql stable as $$ select 'x' $$;`,
      bad: `create or replace function title_of(id bigint) returns varchar language sql stable as $$ select 'x'::varchar $$;`,
      good: `create or replace function title_of(id bigint) returns text language sql stable as $$ select 'y' $$;`,
      fails: '42P13',
    },
    {
      given: `create function title_of(id bigint) returns text language sql stable as $$ select 'x' $$;`,
      bad: `create or replace function title_of(book_id bigint) returns text language sql stable as $$ select 'x' $$;`,
      good: `drop function title_of(bigint);
create function title_of(book_id bigint) returns text language sql stable as $$ select 'x' $$;`,
      fails: '42P13',
    },
  ],
  *check(fact, context) {
    if (!fact.replace) return
    const before = context.schema
      .function(fact.function)
      ?.signatures.find(({ argumentTypes }) => argumentTypes.join() === fact.argumentTypes.join())
    if (before === undefined) return
    const changed = change(before, fact)
    if (changed === undefined) return
    const signature = `${nameText(fact.function)}(${fact.argumentTypes.join(', ')})`
    yield {
      at: fact.span,
      message: `The server refuses: ${signature} ${changed}.`,
      instead: `-- in one transaction, when nothing depends on it:\ndrop ${fact.procedure ? 'procedure' : 'function'} ${signature};\n${context.statement.sql};`,
    }
  },
})

function change(before: FunctionSignature, fact: CreateFunction): string | undefined {
  if (lastPart(before.returns) !== lastPart(fact.returns))
    return `returns ${before.returns || 'nothing'}, and cannot return ${fact.returns || 'nothing'} instead`
  const at = before.argumentNames.findIndex((name, index) => name !== '' && fact.argumentNames[index] !== name)
  const name = before.argumentNames[at]
  if (name !== undefined)
    return `has an argument ${quoteName(name)}, which cannot be called ${quoteName(fact.argumentNames[at] ?? '')} instead`
  if (fact.defaults < before.defaults) return 'has defaults of arguments, which cannot be taken away'
  return undefined
}

/** A type may be written with or without its schema. */
function lastPart(type: string): string {
  return type.replace(/(?<=^|setof )[^(. ]+\./, '')
}
