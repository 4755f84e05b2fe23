import { ToolkitError } from '../core/errors.ts'
import { suggestion } from '../core/text.ts'
import { factKinds } from '../lint/schema/apply.ts'
import type { Rule } from '../rules/rule.ts'

/**
 * Rules of one's own, checked: what the compiler says of a TypeScript configuration, a JavaScript one hears here. A rule
 * that looks at a misspelt kind of fact would never be asked, and nobody would notice.
 *
 * @throws ToolkitError `config-invalid`
 */
export function customRulesOf(rules: readonly Rule[], taken: readonly string[]): readonly Rule[] {
  const seen = new Set(taken)
  return rules.map((rule) => {
    checkRule(rule, seen)
    seen.add(rule.id)
    return { ...rule, docs: rule.docs ?? false }
  })
}

function checkRule(rule: Rule, taken: ReadonlySet<string>): void {
  const { id } = rule
  if (typeof id !== 'string' || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(id))
    throw invalid(`The id ${JSON.stringify(id)} of a custom rule is not in kebab case.`, 'For example: "no-enum"')
  if (taken.has(id)) throw invalid(`There is a rule "${id}" already.`, 'Give the custom rule another id.')
  for (const key of ['summary', 'why'] as const) {
    if (typeof rule[key] === 'string' && rule[key].trim() !== '') continue
    throw invalid(`The custom rule "${id}" has no ${key}.`, 'One sentence that a reader of its findings will see.')
  }
  if (!['error', 'warning', 'info'].includes(rule.severity))
    throw invalid(`The custom rule "${id}" has no severity.`, 'One of: error, warning, info.')
  for (const key of ['looksAt', 'hazards', 'sources', 'examples'] as const) {
    if (!Array.isArray(rule[key]))
      throw invalid(`"${key}" of the custom rule "${id}" is not a list.`, 'It may be empty: []')
  }
  if (typeof rule.check !== 'function') throw invalid(`"check" of the custom rule "${id}" is not a function.`)
  const unknown = rule.looksAt.find((kind) => !factKinds.has(kind))
  if (unknown === undefined) return
  throw invalid(
    `The custom rule "${id}" looks at "${unknown}", which is no kind of fact.`,
    suggestion(unknown, [...factKinds]),
  )
}

function invalid(message: string, hint = 'Make the rule with defineRule, which "lockstep" exports.'): ToolkitError {
  return new ToolkitError({ code: 'config-invalid', message, hint })
}
