import { posix } from 'node:path'
import { builtInRules } from '../../src/lint/built-in.ts'
import type { BuiltInRule } from '../../src/lint/built-in.ts'
import type { Rule, RuleExample } from '../../src/rules/rule.ts'
import { readMeasurements } from '../measure/measurements-file.ts'
import type { Measurements } from '../measure/measurements-file.ts'
import { catalogueOf } from './catalogues.ts'
import { list, memberPage, page, prose, sqlBlock, table } from './markdown.ts'
import { measuredBlocks } from './measurements.ts'
import { loadMembers } from './members.ts'
import type { Output } from './output.ts'
import { ruleIndexes } from './rule-indexes.ts'

/** `docs/rules/<id>.md` for every rule, and `docs/rules/index.md`. */
export async function rulePages(root: string): Promise<readonly Output[]> {
  const loaded = await loadMembers(catalogueOf('rule'), root, isRule)
  const measurements = readMeasurements()
  const pages = [
    ...loaded.map(({ value }) => ({ path: `docs/rules/${value.id}.md`, text: rulePage(value, measurements) })),
    ...builtInRules.map((rule) => ({ path: `docs/rules/${rule.id}.md`, text: builtInPage(rule) })),
  ]
  const entries = loaded.map(({ member, value }) => ({ subject: posix.dirname(member.path), rule: value }))
  return [
    { path: 'docs/rules/index.md', text: index(entries) },
    ...ruleIndexes(loaded.map(({ value }) => value)),
    ...pages,
  ]
}

function isRule(value: unknown): value is Rule {
  return typeof value === 'object' && value !== null && 'looksAt' in value && 'check' in value
}

function index(entries: readonly { readonly subject: string; readonly rule: Rule }[]): string {
  const subjects = [...new Set(entries.map(({ subject }) => subject))]
  const sections = subjects.flatMap((subject) => {
    const rows = ruleRows(entries.filter((entry) => entry.subject === subject).map(({ rule }) => rule))
    return [...(subject === '.' ? [] : [`## ${title(subject)}`]), rows]
  })
  return page(
    '# Rules',
    'What `migrate lint` looks for. `migrate explain <rule>` shows a page in the terminal. The same by what is at stake: ' +
      '[by hazard](by-hazard.md); by the names that other tools give: [coming from](coming-from.md).',
    ...sections,
    '## The engine itself',
    ruleRows(builtInRules),
  )
}

function ruleRows(rules: readonly (Rule | BuiltInRule)[]): string {
  const rows = rules.map((rule) => [`[${rule.id}](${rule.id}.md)`, rule.severity, prose(rule.summary)])
  return table(['rule', 'severity', 'what it reports'], rows)
}

/** What every page begins with. */
function opening(rule: Rule | BuiltInRule): readonly string[] {
  return [
    `# ${rule.id}`,
    prose(rule.summary),
    `Severity: ${rule.severity}. Preset: ${presetOf(rule)}. Hazards: ${rule.hazards.length === 0 ? 'none' : rule.hazards.join(', ')}.`,
    '## Why',
    prose(rule.why),
  ]
}

function presetOf(rule: Rule | BuiltInRule): string {
  return 'preset' in rule ? rule.preset : 'recommended'
}

function builtInPage(rule: BuiltInRule): string {
  return memberPage(...opening(rule))
}

function rulePage(rule: Rule, measurements: Measurements): string {
  return memberPage(
    ...opening(rule),
    ...rule.examples.flatMap((example, number) =>
      exampleBlocks(example, rule.examples.length === 1 ? 'Example' : `Example ${number + 1}`),
    ),
    ...measuredBlocks(rule, measurements[rule.id]),
    ...optionBlocks(rule),
    '## Silencing it',
    `Above the statement, with the reason: \`-- migrate:allow ${rule.id} because <reason>\`.`,
    ...(rule.sources.length === 0 ? [] : ['## In other tools', list(rule.sources.map((source) => `\`${source}\``))]),
  )
}

function optionBlocks({ id, options }: Rule): readonly string[] {
  if (options === undefined) return []
  const rows = Object.entries(options).map(([name, option]) => [
    `\`${name}\``,
    `\`${JSON.stringify(option.default)}\``,
    prose(option.summary),
  ])
  const [first = ''] = Object.keys(options)
  const shown = JSON.stringify({ [id]: ['warning', { [first]: options[first]?.default }] })
  return ['## Options', table(['option', 'default', 'meaning'], rows), `In the configuration: \`"rules": ${shown}\`.`]
}

function exampleBlocks(example: RuleExample, heading: string): readonly string[] {
  const noTransaction = example.transaction === false ? ' Nothing wraps these files in a transaction.' : ''
  return [
    `## ${heading}`,
    ...statements(`Given these migrations, applied already:${noTransaction}`, example.given),
    example.fails === undefined
      ? `This is reported${versionWords(example)}:`
      : `This is reported${versionWords(example)}, and the server refuses it (SQLSTATE ${example.fails}):`,
    ...statements('', example.bad),
    ...(example.good === undefined ? ['There is no harmless way.'] : statements('Write instead:', example.good)),
  ]
}

/** ` (PostgreSQL 18 and newer)`. */
function versionWords({ versions }: RuleExample): string {
  if (versions === undefined) return ''
  const { from, to } = versions
  if (to === undefined) return ` (PostgreSQL ${from} and newer)`
  return from === undefined ? ` (PostgreSQL ${to} and older)` : ` (PostgreSQL ${from} to ${to})`
}

/** One block a migration; several are released one after the other. */
function statements(words: string, sql: string | readonly string[]): readonly string[] {
  const blocks = (typeof sql === 'string' ? [sql] : sql).filter((block) => block.trim() !== '')
  if (blocks.length === 0) return []
  return [
    ...(words === '' ? [] : [words]),
    ...blocks.flatMap((block, number) =>
      number === 0 ? [sqlBlock(block)] : ['and then, as a migration of its own:', sqlBlock(block)],
    ),
  ]
}

function title(subject: string): string {
  return subject.charAt(0).toUpperCase() + subject.slice(1).replaceAll('-', ' ')
}
