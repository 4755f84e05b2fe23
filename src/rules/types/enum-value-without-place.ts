import { nameText, quoteLiteral } from '../../model/name.ts'
import { isCreatedHere } from '../created.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const enumValueWithoutPlace: Rule = defineRule({
  id: 'enum-value-without-place',
  summary:
    'A value that is added to an enum without BEFORE or AFTER goes to the end, and the order of an enum cannot be changed.',
  severity: 'info',
  preset: 'style',
  hazards: ['not-repeatable'],
  looksAt: ['add-enum-value'],
  sources: ['squawk:require-enum-value-ordering', 'pgfence:alter-enum-no-ordering'],
  why: `ORDER BY, comparisons, min and max of an enum follow the order of its values, not their letters. A value cannot be moved afterwards, so a value that belongs between two others has to be put there now. Where nothing sorts by the type the order does not matter; the rule is one of style.`,
  examples: [
    {
      given: `create type size as enum ('small', 'large');`,
      bad: `alter type size add value 'medium';`,
      good: `-- migrate:change size-medium
-- migrate:phase expand

-- migrate:up
alter type size add value 'medium' before 'large';

-- migrate:down none because a value of an enum cannot be removed`,
    },
    {
      given: `create type size as enum ('small', 'large');`,
      bad: `alter type size add value if not exists 'huge';`,
      good: `-- migrate:change size-huge
-- migrate:phase expand

-- migrate:up
alter type size add value if not exists 'huge' after 'large';

-- migrate:down none because a value of an enum cannot be removed`,
    },
  ],
  *check(fact, context) {
    if (fact.placement !== undefined || isCreatedHere(fact, 'type', fact.type, context)) return
    const type = nameText(fact.type)
    const value = quoteLiteral(fact.value)
    const last = context.schema.enumType(fact.type)?.values.at(-1)
    const place = last === undefined ? '…' : quoteLiteral(last)
    const sql = `alter type ${type} add value ${fact.ifNotExists ? 'if not exists ' : ''}${value} after ${place};`
    yield {
      at: fact.span,
      message: `${value} goes behind all other values of ${type}${last === undefined ? '' : `, after ${place}`}, and stays there.`,
      instead: sql,
      ...(last === undefined ? {} : { rewrite: sql }),
    }
  },
})
