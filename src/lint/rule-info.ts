import type { Finding, RuleInfo } from '../model/finding.ts'
import type { Rule } from '../rules/rule.ts'
import type { BuiltInRule } from './built-in.ts'
import { builtInRules } from './built-in.ts'

/** The page of a rule, as findings name it. */
export function docsOf(rule: Pick<Rule, 'id' | 'docs'>): Pick<Finding, 'docs'> {
  return rule.docs === false ? {} : { docs: rule.docs ?? `docs/rules/${rule.id}.md` }
}

/** The rules that findings name, by id. */
export function rulesOf(findings: readonly Finding[], rules: readonly Rule[]): readonly RuleInfo[] {
  const named = new Set(findings.map(({ rule }) => rule))
  const known: readonly (Rule | BuiltInRule)[] = [...builtInRules, ...rules]
  const infos = known.filter(({ id }) => named.has(id)).map(infoOf)
  return [...new Map(infos.map((info) => [info.id, info])).values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

function infoOf(rule: Rule | BuiltInRule): RuleInfo {
  const { id, summary, severity, why, hazards } = rule
  return { id, summary, severity, why, hazards, ...docsOf(rule) }
}
