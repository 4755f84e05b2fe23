import type { CreateFunction } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import type { FunctionSignature } from '../../model/schema.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { sameName } from '../same-name.ts'

export const functionOverload: Rule = defineRule({
  id: 'function-overload',
  summary: 'A function beside one of the same name can make calls of the running version ambiguous, or take them over.',
  severity: 'error',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['create-function'],
  sources: ['lockstep:function-overload'],
  why: `CREATE OR REPLACE replaces only a function with the same argument types; with an argument more it makes a second function beside the first. Where the new argument has a default, a call with the old arguments fits both, and the server answers "is not unique" (SQLSTATE 42725): an addition breaks what has worked before. Functions with as many arguments of other types are told apart by types, and a call with a string or NULL in such a place may mean another function than before; that is a warning. A function whose namesake this migration drops is not reported.`,
  examples: [
    {
      given: `create function price(book bigint) returns numeric language sql stable as 'select 1.0';`,
      bad: `create or replace function price(book bigint, discount numeric default 0) returns numeric language sql stable as 'select 1.0';`,
      good: `drop function price(bigint);
create function price(book bigint, discount numeric default 0) returns numeric language sql stable as 'select 1.0';`,
    },
    {
      given: `create function price(book bigint) returns numeric language sql stable as 'select 1.0';`,
      bad: `create function price(isbn text) returns numeric language sql stable as 'select 1.0';`,
      good: `create function price(book bigint, discount numeric) returns numeric language sql stable as 'select 1.0';`,
    },
  ],
  *check(fact, context) {
    const others = (context.schema.function(fact.function)?.signatures ?? []).filter(
      (other) => other.argumentTypes.join() !== fact.argumentTypes.join() && !isDroppedLater(other, fact, context),
    )
    const other = others.find((one) => isAmbiguous(one, fact)) ?? others.find((one) => mayTakeOver(one, fact))
    if (other === undefined) return
    const name = nameText(fact.function)
    const [old, own] = [other.argumentTypes.join(', '), fact.argumentTypes.join(', ')]
    const isSure = isAmbiguous(other, fact)
    yield {
      at: fact.span,
      ...(isSure ? {} : { severity: 'warning' as const }),
      message: isSure
        ? `It does not replace ${name}(${old}), it stands beside it: a call with ${calls(other, fact)} fits both, and fails as not unique.`
        : `It stands beside ${name}(${old}): a call with a string or NULL may mean ${name}(${own}) from now on.`,
      instead: `-- under another name, or in one transaction:\ndrop ${fact.procedure ? 'procedure' : 'function'} ${name}(${old});\n${context.statement.sql};`,
    }
  },
})

function isDroppedLater(other: FunctionSignature, fact: CreateFunction, context: RuleContext): boolean {
  return context.later.some(
    (later) =>
      later.kind === 'drop-object' &&
      sameName(context.schema, later.name, fact.function) &&
      (later.argumentTypes === undefined || later.argumentTypes.join() === other.argumentTypes.join()),
  )
}

/** The numbers of arguments that a call may have. */
function arity({ argumentTypes, defaults, variadic }: FunctionSignature | CreateFunction): readonly [number, number] {
  const all = argumentTypes.length
  return [all - defaults - (variadic ? 1 : 0), variadic ? Number.POSITIVE_INFINITY : all]
}

/** A number of arguments that both take, the types of which are the same in both; fewest first. */
function commonCount(a: FunctionSignature, b: CreateFunction): number | undefined {
  const [low, high] = [Math.max(arity(a)[0], arity(b)[0]), Math.min(arity(a)[1], arity(b)[1])]
  return low <= high ? low : undefined
}

function isAmbiguous(other: FunctionSignature, fact: CreateFunction): boolean {
  const count = commonCount(other, fact)
  if (count === undefined || other.variadic || fact.variadic) return false
  return other.argumentTypes.slice(0, count).join() === fact.argumentTypes.slice(0, count).join()
}

function mayTakeOver(other: FunctionSignature, fact: CreateFunction): boolean {
  return commonCount(other, fact) !== undefined
}

function calls(other: FunctionSignature, fact: CreateFunction): string {
  const count = commonCount(other, fact) ?? 0
  return count === 0 ? 'no arguments' : `(${other.argumentTypes.slice(0, count).join(', ')})`
}
