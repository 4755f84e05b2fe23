import type { Rule } from '../rules/rule.ts'

/** The page of a rule of the configuration, in the order of the pages that the package brings. */
export function rulePage(rule: Rule): string {
  const options = Object.entries(rule.options ?? {}).map(
    ([name, option]) => `- \`${name}\` (default \`${JSON.stringify(option.default)}\`): ${option.summary}`,
  )
  const hazards = rule.hazards.length === 0 ? 'none' : rule.hazards.join(', ')
  const blocks = [
    `# ${rule.id}`,
    rule.summary,
    `Severity: ${rule.severity}. Preset: ${rule.preset ?? 'recommended'}. Hazards: ${hazards}. From the configuration.`,
    '## Why',
    rule.why,
    ...(options.length === 0 ? [] : ['## Options', options.join('\n')]),
    '## Silencing it',
    `Above the statement, with the reason: \`-- migrate:allow ${rule.id} because <reason>\`.`,
    ...(typeof rule.docs === 'string' ? ['## More', rule.docs] : []),
  ]
  return `${blocks.map((block) => block.trim()).join('\n\n')}\n`
}
