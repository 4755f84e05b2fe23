import { suggestion } from '../../core/text.ts'
import type { Allow } from '../../model/migration.ts'
import type { Directive } from '../../sql/directives.ts'
import type { Problems } from './problems.ts'
import { reasonOf } from './reason.ts'

/**
 * What `-- migrate:allow <rule> because <reason>` and `-- migrate:allow-file …` say; undefined, and a problem, where
 * they say it wrongly.
 */
export function readAllow(
  { name, span, words }: Directive,
  knownRules: readonly string[],
  problems: Problems,
): Allow | undefined {
  const [rule, ...rest] = words
  const form = `-- migrate:${name.text} <rule> because <reason>`
  if (rule === undefined || rule.text === 'because') {
    problems.add('directive-invalid', span.start, `${name.text} names no rule.`, `Write ${form}`)
    return undefined
  }
  if (!knownRules.includes(rule.text)) {
    problems.add('rule-unknown', rule.start, `There is no rule "${rule.text}".`, suggestion(rule.text, knownRules))
    return undefined
  }
  const reason = reasonOf(rest)
  if (reason === undefined) {
    problems.add('directive-invalid', span.start, `${name.text} ${rule.text} gives no reason.`, `Write ${form}`)
    return undefined
  }
  const allow = { rule: rule.text, reason, span }
  return name.text === 'allow-file' ? allow : { ...allow, appliesFrom: span.end }
}
