import { posix } from 'node:path'
import type { Rule, RuleExample } from '../../src/rules/rule.ts'
import { catalogueOf } from './catalogues.ts'
import { list, page, prose, sqlBlock, table } from './markdown.ts'
import { measuredTable, readMeasurements } from './measurements.ts'
import { loadMembers } from './members.ts'
import type { Output } from './output.ts'

/** `docs/rules/<id>.md` for every rule, and `docs/rules/index.md`. */
export async function rulePages(root: string): Promise<readonly Output[]> {
  const loaded = await loadMembers(catalogueOf('rule'), root, isRule)
  const measurements = readMeasurements(root)
  const pages = loaded.map(({ value }) => ({ path: `docs/rules/${value.id}.md`, text: rulePage(value, measurements) }))
  return [{ path: 'docs/rules/index.md', text: index(loaded.map(({ member, value }) => ({ path: member.path, rule: value }))) }, ...pages]
}

function isRule(value: unknown): value is Rule {
  return typeof value === 'object' && value !== null && 'looksAt' in value && 'check' in value
}

function index(rules: readonly { readonly path: string; readonly rule: Rule }[]): string {
  const subjects = [...new Set(rules.map(({ path }) => posix.dirname(path)))]
  const sections = subjects.flatMap((subject) => {
    const own = rules.filter(({ path }) => posix.dirname(path) === subject).map(({ rule }) => rule)
    const rows = own.map((rule) => [`[${rule.id}](${rule.id}.md)`, rule.severity, rule.summary])
    return [...(subject === '.' ? [] : [`## ${title(subject)}`]), table(['rule', 'severity', 'what it reports'], rows)]
  })
  return page('# Rules', 'What `migrate lint` looks for. `migrate explain <rule>` shows a page in the terminal.', ...sections)
}

function rulePage(rule: Rule, measurements: ReturnType<typeof readMeasurements>): string {
  return page(
    `# ${rule.id}`,
    prose(rule.summary),
    `Severity: ${rule.severity}. Hazards: ${rule.hazards.length === 0 ? 'none' : rule.hazards.join(', ')}.`,
    '## Why',
    prose(rule.why),
    ...rule.examples.flatMap((example, index) => [
      ...exampleBlocks(example, rule.examples.length === 1 ? 'Example' : `Example ${index + 1}`),
      '### Measured',
      measuredTable(measurements, rule.id, index),
    ]),
    '## Silencing it',
    `Above the statement, with the reason: \`-- migrate:allow ${rule.id} because <reason>\`.`,
    ...(rule.sources.length === 0 ? [] : ['## In other tools', list(rule.sources.map((source) => `\`${source}\``))]),
  )
}

function exampleBlocks(example: RuleExample, heading: string): readonly string[] {
  const noTransaction = example.transaction === false ? ' Nothing wraps these files in a transaction.' : ''
  return [
    `## ${heading}`,
    ...statements(`Given these migrations, applied already:${noTransaction}`, example.given),
    example.fails === undefined ? 'This is reported:' : `This is reported, and the server refuses it (SQLSTATE ${example.fails}):`,
    sqlBlock(example.bad),
    ...(example.good === undefined ? ['There is no harmless way.'] : statements('Write instead:', example.good)),
  ]
}

/** One block a migration; several are released one after the other. */
function statements(words: string, sql: string | readonly string[]): readonly string[] {
  const blocks = (typeof sql === 'string' ? [sql] : sql).filter((block) => block.trim() !== '')
  if (blocks.length === 0) return []
  return [words, ...blocks.flatMap((block, index) => (index === 0 ? [sqlBlock(block)] : ['and then, as a migration of its own:', sqlBlock(block)]))]
}

function title(subject: string): string {
  return subject.charAt(0).toUpperCase() + subject.slice(1).replaceAll('-', ' ')
}
